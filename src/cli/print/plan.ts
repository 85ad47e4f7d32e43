/** Prints a plan: a line for each family and state, with reasons; or all of it as JSON. */
import { type Opened, type Planning, type ShownState, shownState } from "../../index.ts";
import { groupBy } from "../../text/group.ts";
import { familyOf, nameFamily } from "./fold.ts";
import { out } from "./terminal.ts";

export interface PlanStyle {
  readonly json?: boolean;
  /** A line for every instance. */
  readonly verbose?: boolean;
}

/** How many reasons of a family to print; --verbose prints all. */
const maxReasons = 4;

interface Row {
  readonly id: string;
  readonly label: string;
  readonly family: string;
  readonly ablation: string | undefined;
  readonly state: ShownState;
  /** May read journals, so only what is printed asks for it. */
  reason(): readonly string[];
  /** The instances that it waits for. Many rows share the list. */
  readonly waitsFor: readonly number[];
}

export function printPlan(opened: Opened, planning: Planning, { json, verbose }: PlanStyle): void {
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

/** The families of the instances that the rows wait for. */
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
