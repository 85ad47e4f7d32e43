/** Describes what of each ablation is done, failed and left when a run ends. */
import type { Graph, RunState } from "../../index.ts";

/** How many ablations to list; of more, those that are done are only counted. */
const maxLines = 12;

/** Returns no line for a baseline alone that is done. */
export function sweepLines(
  { variants, instances }: Graph,
  states: ReadonlyMap<string, RunState>,
): string[] {
  const again = "run it again to go on; finished work is kept";
  if (variants.length === 1 && variants[0]!.ablation === undefined) {
    // The line of totals has the numbers.
    return [...states.values()].includes("skipped") ? [again] : [];
  }
  const rows = variants.map(({ ablation, instances: indices }) => {
    const members = indices.map((i) => instances[i]!).filter(({ id }) => states.has(id));
    const inState = (...wanted: RunState[]) =>
      members.filter(({ id }) => wanted.includes(states.get(id)!)).length;
    const shared = members.filter((one) => one.ablation === undefined).length;
    const [done, failed, left] = [inState("ran", "cached"), inState("failed"), inState("skipped")];
    return { ablation, shared, done, failed, left };
  });
  const open = rows.filter(({ failed, left }) => failed + left > 0);
  const goOn = open.length > 0 ? [again] : [];
  const shown = rows.length > maxLines ? open.slice(0, maxLines) : rows;
  const width = Math.max(...rows.map(({ ablation }) => (ablation ?? "baseline").length));
  const lines = shown.map(({ ablation, shared, done, failed, left }) => {
    const parts = [`${done} done`];
    if (ablation !== undefined) parts[0] += ` (${shared} of the baseline's)`;
    if (failed > 0) parts.push(`${failed} failed`);
    if (left > 0) parts.push(`${left} left`);
    return `${(ablation ?? "baseline").padEnd(width)}  ${parts.join(", ")}`;
  });
  const whole = rows.length - open.length;
  if (shown !== rows) lines.push(`${whole} of ${rows.length} are done`);
  return [...lines, ...goOn];
}
