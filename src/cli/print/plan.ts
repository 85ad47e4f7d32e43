/** Prints a plan: a line for each family and state, with reasons; or all of it as JSON. */
import { type Opened, type Planning, type ShownState, shownState, timeFor } from "../../index.ts";
import { duration } from "../../text/duration.ts";
import { groupBy } from "../../text/group.ts";
import { about, type Estimate, unmeasured } from "./estimate.ts";
import { familyOf, nameFamily } from "./fold.ts";
import { out } from "./terminal.ts";

export interface PlanStyle {
  readonly json?: boolean;
  /** A line for every instance. */
  readonly verbose?: boolean;
  /** How many actions would run at once. */
  readonly jobs?: number;
}

/** How many reasons of a family to print; --verbose prints all. */
const maxReasons = 4;

interface Row {
  readonly id: string;
  readonly label: string;
  readonly family: string;
  readonly ablation: string | undefined;
  readonly state: ShownState;
  /** Undefined if nothing is known; 0 for what is cached. */
  readonly expected: { readonly seconds: number; readonly atLeast: boolean } | undefined;
  /** May read journals, so only what is printed asks for it. */
  reason(): readonly string[];
  /** The instances that it waits for. Many rows share the list. */
  readonly waitsFor: readonly number[];
}

export function printPlan(opened: Opened, planning: Planning, style: PlanStyle): void {
  const { instances } = opened.graph;
  const rows = rowsOf(opened, planning);
  const { json, verbose, jobs = opened.jobs } = style;
  if (json) {
    out.json(rows.map(plainRow));
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
    const time = sum(members);
    // What takes no time needs no words.
    const said = time.seconds < 0.5 ? "" : `; ${about(time)}`;
    out.print(`${state.padEnd(8)} ${name}${after}${said}`);
    for (const line of folded ? [] : reasonsOf(members)) {
      out.print(`           ${line}`);
    }
  }
  out.print(`${totals(rows.map(({ state }) => state))}; backend ${opened.facts.backend}`);
  const stale = rows.filter(({ state }) => state === "run" || state === "unknown");
  if (stale.length > 0) out.print(timeLine(timeFor(opened, planning, jobs), stale.length, jobs));
}

function rowsOf({ graph }: Opened, planning: Planning): Row[] {
  const expected = planning.expected();
  return [...planning.plan.entries()].flatMap(([index, planned]): Row[] => {
    if (!planned) return [];
    const instance = graph.instances[index]!;
    const { id, label, ablation } = instance;
    return [
      {
        ...{ id, label, ablation, family: familyOf(instance), waitsFor: planned.waitsFor },
        ...{ state: shownState(planned), expected: expected[index] },
        reason: () => planning.reason(index),
      },
    ];
  });
}

function plainRow({ id, state, reason, ablation, expected }: Row) {
  return {
    ...{ id, state: state === "accepted" ? "cached" : state, reason: reason().join("\n") },
    ...(ablation === undefined ? {} : { ablation }),
    expectedSeconds: expected ? Number(expected.seconds.toPrecision(3)) : null,
  };
}

function sum(rows: readonly Row[]): Estimate {
  const known = rows.flatMap(({ expected }) => expected ?? []);
  return {
    seconds: known.reduce((total, { seconds }) => total + seconds, 0),
    unknown: rows.length - known.length,
    atLeast: known.some(({ atLeast }) => atLeast),
  };
}

/** "about 1 min 40 s at 2 jobs, 3 min 20 s of work; nothing is known of 2 instances" */
function timeLine(left: ReturnType<typeof timeFor>, stale: number, jobs: number): string {
  const wall = about({ ...left, seconds: left.wall });
  const why = unmeasured(left, stale);
  if (wall === undefined) return `how long it takes is not known: ${why}`;
  if (left.wall < 0.5) return `${wall}${why ? `; ${why}` : ""}`;
  const at = `${jobs} ${jobs === 1 ? "job" : "jobs"}`;
  return `${wall} at ${at}, ${duration(left.processor)} of work${why ? `; ${why}` : ""}`;
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
