/** What a pipeline is now against an earlier run, as text. */
import { type Change, type RunChanges, valueText } from "../../index.ts";
import { wrap } from "../../text/wrap.ts";

const maxChanges = 20;

/** Parameters, then what else differs in the stages. */
export function changeLines({ params, stages }: RunChanges, width: number): string[] {
  const lines: string[] = [];
  if (!params) lines.push("the parameters of that run are not known: it is of an earlier version");
  else if (params.length > 0)
    lines.push("parameters that differ, then → now:", ...listOf(params, width));
  else if (stages.length === 0) lines.push("no parameter differs");
  if (stages.length > 0) lines.push("stages that differ, then → now:", ...listOf(stages, width));
  return lines;
}

function listOf(changes: readonly Change[], width: number): string[] {
  const lines = changes.slice(0, maxChanges).flatMap(({ field, before, after }) => {
    const text = `${field}: ${valueText(before)} → ${valueText(after)}`;
    return wrap(text, width - 2, "  ").map((line) => `  ${line}`);
  });
  const more = changes.length - maxChanges;
  return more > 0 ? [...lines, `  … and ${more} more`] : lines;
}
