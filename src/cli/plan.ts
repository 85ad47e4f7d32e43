/** `blockspin plan`: what would run, what is cached, what is unknown, and why. */
import { type Opened, type Planning, planPipeline } from "../index.ts";
import { type CommonOptions, open } from "./open.ts";

export async function plan(
  file: string,
  options: CommonOptions & { only?: string[] },
): Promise<number> {
  const opened = await open(file, options);
  printPlan(opened, planPipeline(opened, options.only), options.json ?? false);
  return 0;
}

export function printPlan(opened: Opened, planning: Planning, asJson: boolean): void {
  const rows = [...planning.plan.entries()].flatMap(([index, planned]) => {
    if (!planned) return [];
    const { id } = opened.graph.instances[index]!;
    return [{ id, state: planned.state, reason: planning.reason(index).join("\n") }];
  });
  if (asJson) {
    process.stdout.write(`${JSON.stringify(rows, null, 1)}\n`);
    return;
  }
  for (const { id, state, reason } of rows) {
    if (state === "cached") continue;
    process.stdout.write(`${state.padEnd(8)} ${id}\n`);
    for (const line of reason.split("\n")) process.stdout.write(`           ${line}\n`);
  }
  process.stdout.write(
    `${totals(rows.map(({ state }) => state))}; backend ${opened.facts.backend}\n`,
  );
}

/** "12 cached; 5 run; 126 follow unless the bytes come out the same" */
function totals(states: readonly string[]): string {
  const count = (state: string) => states.filter((s) => s === state).length;
  const unknown = count("unknown");
  return [
    `${count("cached")} cached`,
    `${count("run")} run`,
    ...(unknown > 0 ? [`${unknown} follow unless the bytes come out the same`] : []),
  ].join("; ");
}
