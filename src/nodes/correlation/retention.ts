/**
 * How much of the originals' G(r) images keep: the table that one `correlation` gives to another, and the
 * measures that follow from it. Knows no lattice.
 */
import {
  type Batch,
  f64,
  InvalidInput,
  i32,
  list,
  nullable,
  type Table,
  utf8,
} from "../../engine/node-type.ts";
import { retention } from "../../lattice/correlation/two-point.ts";
import { jackknifeError } from "../../statistics/jackknife.ts";
import { mean } from "../../statistics/moments.ts";
import { defined } from "../shared/tables.ts";
import type { TwoPoints } from "./rows.ts";

const scalars = { beta: f64, dy: i32, dx: i32, g: f64, g_se: nullable(f64) };
export const jackknifeColumns = { ...scalars, left_out: list("float64") };
/** Also in `jackknife` where the configurations have chains. */
export const chainsColumn = { chains: utf8 };

/** The columns of `jackknife`, which `retention` reads; `chains` where the configurations have them. */
export type GivenTwoPoints = Pick<
  TwoPoints,
  "beta" | "dy" | "dx" | "g" | "g_se" | "left_out" | "chains"
>;

/** The table `jackknife`. */
export function jackknifeBatch({ beta, dy, dx, g, g_se, left_out, chains }: GivenTwoPoints): Batch {
  return { beta, dy, dx, g, g_se, left_out, ...(chains && { chains }) };
}

/** A row of it. */
interface OriginalRow {
  readonly beta: number;
  readonly dy: number;
  readonly dx: number;
  readonly g: number;
  readonly g_se: number | null;
  readonly left_out: ArrayLike<number>;
  readonly chains: string | undefined;
}

/** The rows of such a table. */
export function rowsOfJackknife(columns: Batch): OriginalRow[] {
  const { beta, dy, dx, g, g_se, left_out, chains } = columns as unknown as GivenTwoPoints;
  return Array.from(beta, (_, i) => ({
    ...{ beta: beta[i]!, dy: dy[i]!, dx: dx[i]!, g: g[i]!, g_se: g_se[i]! },
    ...{ left_out: left_out[i]!, chains: chains?.[i] },
  }));
}

/** One row a beta: how much of the original's G(r) is left, with paired jackknife errors. */
export function retentionRows(rows: readonly OriginalRow[], originals: readonly OriginalRow[]) {
  const before = new Map(originals.map((row) => [keyOf(row), row]));
  const betas = [...new Set(rows.map(({ beta }) => beta))];
  return betas.map((beta) => {
    const clear = rows
      .filter((row) => row.beta === beta && (row.dy !== 0 || row.dx !== 0))
      .map((row) => ({ kept: row, original: before.get(keyOf(row))! }))
      .filter(({ original }) => Math.abs(original.g) > 4 * (original.g_se ?? 0));
    const blocks = clear[0]?.kept.left_out.length ?? 0;
    const of = (measure: typeof retention) => {
      const leftOut = Array.from({ length: blocks }, (_, b) =>
        measure(
          clear.map(({ original }) => original.left_out[b]!),
          clear.map(({ kept }) => kept.left_out[b]!),
        ),
      );
      const value = measure(
        clear.map(({ original }) => original.g),
        clear.map(({ kept }) => kept.g),
      );
      return [defined(value), defined(jackknifeError(leftOut))] as const;
    };
    const [rho_g, rho_g_se] = of(retention);
    const [g_ratio, g_ratio_se] = of(signedRatio);
    return { beta, lags: clear.length, rho_g, rho_g_se, g_ratio, g_ratio_se };
  });
}

const keyOf = ({ beta, dy, dx }: OriginalRow) => `${beta} ${dy} ${dx}`;

/** Sum of the images' G over that of the originals': above 1 where they correlate more. */
function signedRatio(original: ArrayLike<number>, image: ArrayLike<number>): number {
  return mean(image) / mean(original);
}

/** The original's rows; each of ours has its own there, from as many configurations. */
export function readOriginal(
  { columns }: Table<typeof jackknifeColumns>,
  ours: readonly OriginalRow[],
): OriginalRow[] {
  const originals = rowsOfJackknife(columns as Batch);
  const places = new Map(originals.map((row) => [keyOf(row), row]));
  const lags = new Map<number, number>();
  for (const { beta } of originals) lags.set(beta, (lags.get(beta) ?? 0) + 1);
  const betas = new Set(ours.map(({ beta }) => beta));
  for (const row of ours) {
    const same = lags.get(row.beta);
    if (same === undefined) throw new InvalidInput("original", `has no beta ${row.beta}`);
    const match = places.get(keyOf(row));
    // Of ours, every beta has the same lags.
    if (!match || same !== ours.length / betas.size) {
      throw new InvalidInput("original", "has other lags: another size, or another param lags");
    }
    if (match.left_out.length !== row.left_out.length) {
      const [theirs, mine] = [match.left_out.length, row.left_out.length];
      throw new InvalidInput("original", `has ${theirs} blocks where configurations has ${mine}`);
    }
    if (match.chains && row.chains && match.chains !== row.chains) {
      const message = `at beta ${row.beta} is of other chains than the configurations, or of the`;
      throw new InvalidInput("original", `${message} same in another order`);
    }
  }
  return originals;
}
