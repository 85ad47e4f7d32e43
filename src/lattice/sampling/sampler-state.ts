/**
 * The state of a sampler as columns of a table, so that it can be kept and continued: a first row with
 * the counts, then a row per stream. Knows neither Arrow nor the engine.
 */

/** All that the future of one stream's chains depends on. */
export interface StreamState {
  /** In the layout of its kind of chains. */
  readonly spins: Uint8Array;
  /** Words of the two generators that move a block of chains, or of a cluster chain's. */
  readonly generator: BigUint64Array;
}

/** All that the next snapshots, and the report on all snapshots, depend on. */
export interface SamplerState {
  readonly streams: readonly StreamState[];
  readonly snapshots: number;
  /** Counts for the report, and measurements of the burn-in. */
  readonly counts: readonly number[];
}

export const checkpointColumns = {
  spec: { type: "utf8" },
  spins: { type: "list", item: "uint8" },
  generator: { type: "list", item: "uint8" },
} as const;

/** `more` is kept for the caller; JSON gives every float64 back exactly. */
export function writeState({ streams, snapshots, counts }: SamplerState, more: object) {
  const none = new Uint8Array(0);
  return {
    spec: [JSON.stringify({ snapshots, counts, more }), ...streams.map(() => "")],
    spins: [none, ...streams.map(({ spins }) => spins)],
    generator: [none, ...streams.map(({ generator }) => new Uint8Array(generator.buffer))],
  };
}

export function readState<M extends object>(table: {
  readonly spec: readonly string[];
  readonly spins: readonly Uint8Array[];
  readonly generator: readonly Uint8Array[];
}): { readonly state: SamplerState; readonly more: M } {
  const { snapshots, counts, more } = JSON.parse(table.spec[0]!) as Omit<
    SamplerState,
    "streams"
  > & {
    readonly more: M;
  };
  const streams = table.spins.slice(1).map((spins, i) => ({
    spins,
    // A copy, since a view of words needs an aligned address.
    generator: new BigUint64Array(table.generator[i + 1]!.slice().buffer),
  }));
  return { state: { streams, snapshots, counts }, more };
}
