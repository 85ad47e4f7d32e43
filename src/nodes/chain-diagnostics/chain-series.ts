/** Markov chains assembled from rows of configurations, and their autocorrelation. */
import { InvalidInput, type Table } from "../../engine/node-type.ts";
import { type IntegratedTime, integratedTime } from "../../statistics/autocorrelation.ts";
import { groupRows } from "../../statistics/groups.ts";
import { mean, standardError } from "../../statistics/moments.ts";

/** The columns that are read; energies and magnetizations are totals. */
export interface Rows {
  readonly beta: readonly number[];
  readonly chain: readonly string[];
  readonly time: readonly number[];
  readonly energy: readonly number[];
  readonly magnetization: readonly number[];
  readonly sign: readonly number[];
}

/** Collects the columns that are needed, so that no spins stay in memory. */
export async function readRows(chunks: AsyncIterable<Table>): Promise<Rows> {
  const rows: Record<keyof Rows, (number | string)[]> = {
    beta: [],
    chain: [],
    time: [],
    energy: [],
    magnetization: [],
    sign: [],
  };
  for await (const { rows: count, columns } of chunks) {
    for (const name of Object.keys(rows) as (keyof Rows)[]) {
      const cells = columns[name] as ArrayLike<number | string>;
      for (let row = 0; row < count; row++) rows[name].push(cells[row]!);
    }
  }
  return rows as unknown as Rows;
}

/** Per site and configuration, by chain and in the order of time. */
export interface Series {
  readonly energy: readonly Float64Array[];
  readonly abs_m: readonly Float64Array[];
  readonly m: readonly Float64Array[];
}

/** The chains of every beta; an `InvalidInput` where a chain has two rows of one time. */
export function chainsByBeta(rows: Rows, sites: number): { beta: number; series: Series }[] {
  return groupRows(rows.beta).map(({ value: beta, rows: members }) => {
    const chains = new Map<string, number[]>();
    for (const row of members) {
      const id = rows.chain[row]!;
      if (chains.has(id)) chains.get(id)!.push(row);
      else chains.set(id, [row]);
    }
    const ordered = [...chains.values()].map((chain) => inTime(chain, rows));
    const seriesOf = (value: (row: number) => number) =>
      ordered.map((chain) => Float64Array.from(chain, (row) => value(row) / sites));
    const series = {
      energy: seriesOf((row) => rows.energy[row]!),
      abs_m: seriesOf((row) => Math.abs(rows.magnetization[row]!)),
      m: seriesOf((row) => rows.sign[row]! * rows.magnetization[row]!),
    };
    return { beta, series };
  });
}

function inTime(chain: readonly number[], { time, chain: ids }: Rows): number[] {
  const sorted = [...chain].sort((a, b) => time[a]! - time[b]!);
  for (let i = 1; i < sorted.length; i++) {
    const row = sorted[i]!;
    if (time[row] !== time[sorted[i - 1]!]) continue;
    const message = `chain ${JSON.stringify(ids[row])} has several rows at time ${time[row]}`;
    throw new InvalidInput("configurations", message);
  }
  return sorted;
}

/** How the error of a mean was found. */
export type ErrorSource = "tau" | "chains" | "none";

export interface Measured extends IntegratedTime {
  /** NaN where the source is none. */
  readonly error: number;
  readonly source: ErrorSource;
}

/**
 * The mean of a quantity and its error: from tau where the chains are long enough to resolve it, else
 * from the scatter of the chains' own means, which also contains what is slower than a chain is long.
 */
export function measureChains(chains: readonly Float64Array[], c: number): Measured {
  const time = integratedTime(chains, c);
  if (time.resolved) return { ...time, error: time.meanError, source: "tau" };
  if (chains.length < 2) return { ...time, error: Number.NaN, source: "none" };
  return { ...time, error: standardError(chains.map(mean)), source: "chains" };
}
