/** `blockspin plan`: what would run, what is cached, what is unknown, and why. */
import type { Command } from "commander";
import { type Opened, type Planning, planPipeline, type ShownState, shownState } from "../index.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, withPipeline } from "./options.ts";
import { familyOf, groupBy, nameFamily } from "./print/fold.ts";
import { out } from "./print/terminal.ts";

interface PlanFlags extends AblationOptions {
  readonly only?: string[];
  readonly verbose?: boolean;
}

export function define(command: Command) {
  withPipeline(command)
    .option("--only <pattern...>", "only these instances and what they need")
    .option("--ablation <name...>", "these ablations instead of the baseline; or all")
    .option("--verbose", "a line for every instance, instead of one for a stage's")
    .addOption(json());
  return plan;
}

async function plan(file: string, options: PlanFlags): Promise<number> {
  const opened = await open(file, options, options.only);
  printPlan(opened, await planPipeline(opened, options.only), options);
  return 0;
}

/** Of a family; --verbose has them all. */
const maxReasons = 4;

interface Row {
  readonly id: string;
  readonly label: string;
  readonly family: string;
  readonly ablation: string | undefined;
  readonly state: ShownState;
  /** To be asked only of what is printed: it may read the journals. */
  reason(): readonly string[];
  /** The instances that it waits for; many share the list. */
  readonly waitsFor: readonly number[];
}

export function printPlan(
  opened: Opened,
  planning: Planning,
  { json, verbose }: Pick<PlanFlags, "json" | "verbose">,
): void {
  const { instances } = opened.graph;
  const rows = [...planning.plan.entries()].flatMap(([index, planned]): Row[] => {
    if (!planned) return [];
    const instance = instances[index]!;
    const { id, label, ablation } = instance;
    const { waitsFor } = planned;
    const reason = () => planning.reason(index);
    const state = shownState(planned);
    return [{ id, label, ablation, family: familyOf(instance), state, reason, waitsFor }];
  });
  if (json) {
    const plain = rows.map(({ id, state, reason, ablation }) => ({
      ...{ id, state: state === "accepted" ? "cached" : state, reason: reason().join("\n") },
      ...(ablation === undefined ? {} : { ablation }),
    }));
    out.json(plain);
    return;
  }
  const groups = groupBy(rows, (row) => `${row.state} ${verbose ? row.id : row.family}`);
  for (const members of groups.values()) {
    const { state, family } = members[0]!;
    if (state === "cached") continue;
    const name = nameFamily(
      family,
      members.map(({ label }) => label),
    );
    const folded = state === "unknown" && !verbose;
    const after = folded ? `, after ${listOf(familiesIn(members, instances))}` : "";
    out.print(`${state.padEnd(8)} ${name}${after}`);
    for (const line of folded ? [] : reasonsOf(members)) {
      out.print(`           ${line}`);
    }
  }
  out.print(`${totals(rows.map(({ state }) => state))}; backend ${opened.facts.backend}`);
}

/** The families of what they wait for. */
function familiesIn(members: readonly Row[], instances: Opened["graph"]["instances"]): string[] {
  const lists = new Set(members.map(({ waitsFor }) => waitsFor));
  const awaited = new Set([...lists].flatMap((list) => [...list]));
  return [...new Set([...awaited].map((i) => familyOf(instances[i]!)))];
}

function listOf(all: readonly string[]): string {
  const more = all.length - maxReasons;
  return `${all.slice(0, maxReasons).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function reasonsOf(members: readonly Row[]): string[] {
  const lines = [...new Set(members.flatMap(({ reason }) => reason()))];
  const more = lines.length - maxReasons;
  if (members.length === 1 || more <= 0) return lines;
  return [...lines.slice(0, maxReasons), `… ${more} more with --verbose`];
}

/** "12 cached; 5 run; 126 follow unless the bytes come out the same" */
function totals(states: readonly ShownState[]): string {
  const count = (state: ShownState) => states.filter((s) => s === state).length;
  const unknown = count("unknown");
  const accepted = count("accepted");
  return [
    `${count("cached") + accepted} cached${accepted > 0 ? ` (${accepted} accepted)` : ""}`,
    `${count("run")} run`,
    ...(unknown > 0 ? [`${unknown} follow unless the bytes come out the same`] : []),
  ].join("; ");
}
