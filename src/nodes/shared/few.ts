/** Reports where there is too little to measure. */
import { InvalidInput } from "../../engine/node-type.ts";
import type { Group } from "../../statistics/groups.ts";
import { jackknifeBlocks } from "../../statistics/jackknife.ts";

/** One warning a node, where blocks of a jackknife are single configurations, or lacking. */
export function warnOfFewConfigurations(
  betas: readonly Group[],
  warn: (code: string, message: string) => void,
  blocks: number = jackknifeBlocks,
): void {
  const few = betas.filter(({ rows }) => rows.length < blocks);
  if (few.length === 0) return;
  const worst = few.reduce((a, b) => (b.rows.length < a.rows.length ? b : a));
  const what = `${counted(worst)}${few.length > 1 ? ` and few at ${few.length - 1} more` : ""}`;
  const why = `below ${blocks}, the blocks of the jackknife, errors are a guess`;
  warn("few-configurations", `${what}: ${why}`);
}

/** Throws an `InvalidInput` where a beta has a single configuration, from which nothing follows. */
export function requireTwoConfigurations(port: string, betas: readonly Group[]): void {
  if (betas.length === 0) throw new InvalidInput(port, "holds no configurations");
  const lonely = betas.find(({ rows }) => rows.length < 2);
  if (!lonely) return;
  throw new InvalidInput(port, `has ${counted(lonely)}: expected 2 or more`);
}

function counted({ value: beta, rows }: Group): string {
  const one = rows.length === 1;
  return `${rows.length} ${one ? "configuration" : "configurations"} at beta ${beta}`;
}
