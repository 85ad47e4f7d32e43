/**
 * What a spin system is: everything that the sampler, the recorder, the decimator and the measures ask
 * of the spins on a periodic square lattice. One file beside this is one system; `index.ts` lists them.
 * Types only; a system loads its kernels when they are called for.
 */
import type { Generator } from "../../random/index.ts";
import type { Thermodynamics } from "../exact/thermodynamics.ts";
import type { SamplerState } from "../sampling/sampler-state.ts";

/** A number a site, as rules and measures read them: ±1, a state from 0 on, an angle. */
export type Spins = Int8Array | Float32Array;

/** Configurations as a column holds them: bits, states, angles. */
export type SpinData = Uint8Array | Float32Array;

/** How configurations lie in a column, one behind the other without padding. */
export interface SpinLayout<S extends Spins = Spins> {
  /** The type of a column's items. Readers know the system by it. */
  readonly item: "bool" | "uint8" | "float32";
  /** Zeroed room for so many spins. */
  allocate(spins: number): SpinData;
  /** The first so many spins, in the same memory. */
  head(data: SpinData, spins: number): SpinData;
  /**
   * Copies `count` spins from position `from` of one array to position `to` of another, changed by an
   * element of the system's symmetry. Calls come in ascending order of `to`.
   */
  copy(
    source: SpinData,
    from: number,
    target: SpinData,
    to: number,
    count: number,
    element: number,
  ): void;
  /** Rows `start` to `end` (exclusive), of `sites` spins each. */
  unpack(data: SpinData, sites: number, start: number, end: number): S;
  pack(spins: S): SpinData;
}

/** Totals over the sites, one a configuration, by observable. */
export type Totals = Readonly<Record<string, ArrayLike<number>>>;

/** A total that is recorded with every configuration, in a column of its own. */
export interface Observable {
  readonly type: "int32" | "float64";
  /** The total of a configuration that was changed by an element of the symmetry. */
  changed(total: number, element: number): number;
}

/** A mean over a chain's configurations as the chain had them. */
export interface ChainMean {
  /** Its column, of means per site. */
  readonly column: string;
  of(totals: Totals, row: number): number;
}

/** The changes of all spins at once that leave the energy as it is. */
export interface Symmetry {
  readonly description: string;
  /** The column of the element that a recorded configuration was changed by. */
  readonly column: string;
  readonly type: "int8" | "float64";
  /** The element that changes nothing. */
  readonly identity: number;
  /** A random element. */
  draw(random: Generator): number;
}

/** The chains at one time. Row i is chain i. */
export interface Snapshot<D extends SpinData = SpinData, T extends Totals = Totals> {
  /** As in a column, but each row begins `stride` spins behind the one before. */
  readonly spins: D;
  readonly stride: number;
  readonly totals: T;
}

export interface SamplerOptions {
  readonly algorithm: string;
  /** Sites a side of the periodic square lattice. */
  readonly size: number;
  /** J / (k T), J = 1. */
  readonly beta: number;
  readonly chains: number;
  /** Random spins, or all equal. */
  readonly start: "hot" | "cold";
  /** Sweeps before the first sample's own spacing. */
  readonly burnIn: number;
  /** Sweeps from one snapshot to the next. */
  readonly thinning: number;
  /** A stream for every group of chains that move together. */
  readonly random: (...parts: number[]) => Generator;
}

/** What a run did besides its samples; null where it means nothing. */
export interface SamplerReport {
  /** Share of attempted local updates that changed a spin, over all chains. */
  readonly acceptance: number | null;
  /** Per chain: spins per flipped cluster (Wolff), or sites per cluster (Swendsen-Wang). */
  readonly meanCluster: Float64Array | null;
  /** Wolff clusters flipped from one snapshot to the next. */
  readonly flipsPerSample: number | null;
}

export interface Sampler {
  /** Moves all chains on and reads them; valid until they move on. */
  next(): Snapshot;
  /** Reads all chains where they are. */
  read(): Snapshot;
  /** On the snapshots so far. */
  report(): SamplerReport;
  /** From which a sampler with the same options continues. */
  state(): SamplerState;
}

/** What a stage asks of the sampler. */
export interface Plan {
  readonly size: number;
  readonly betas: readonly number[];
  readonly algorithm: string;
  readonly burnIn: number;
}

export interface Updates {
  /** By name; the first is the default. The kind decides the default lengths of chains. */
  readonly algorithms: Readonly<Record<string, "local" | "clusters">>;
  readonly description: string;
  /** The parameter that an algorithm cannot work with, and why. */
  objection(
    plan: Plan,
  ): { readonly param: "size" | "burn_in"; readonly message: string } | undefined;
  /** What a run of this plan should warn of. */
  warnings(plan: Plan): readonly { readonly code: string; readonly message: string }[];
  /** How many chains and configurations fit in memory. */
  most(plan: Plan): { readonly chains: number; readonly samples: number };
  /** Burns the chains in, or puts them where they were. */
  sampler(options: SamplerOptions, state?: SamplerState): Promise<Sampler>;
}

/** What a block of an even number of spins becomes where no value has the majority. */
export type Tie = "random" | "up" | "down" | "top-left";

/** Random bits for the ties of one row at one step; asked for only where a block ties. */
export type TieBits = (row: number) => Generator;

/** Rules for `rows` lattices of `size` x `size` spins as a column holds them; each row is treated alone. */
export interface BlockRules<S extends Spins> {
  /** The lattices seen from site (dy, dx), which comes first. */
  translate(data: SpinData, rows: number, size: number, dy: number, dx: number): SpinData;
  /** Keeps the first spin of every `factor` x `factor` block. */
  decimate(data: SpinData, rows: number, size: number, factor: number): SpinData;
  /** The value that most spins of a block have. */
  majority?(
    data: SpinData,
    rows: number,
    size: number,
    factor: number,
    tie: Tie,
    tieBits: TieBits,
  ): SpinData;
  /** Real numbers, also of what it has returned before. */
  average?(values: S | Float64Array, size: number, factor: number): Float64Array;
}

/** Results that need no sampling. */
export interface ExactResults {
  /** Thermodynamics of the L x L torus. */
  torus(size: number, beta: number): Thermodynamics;
  /** At beta = 0: the entropy per site, and du/dbeta = -Var(E) / N. */
  readonly free: { readonly entropy: number; slope(size: number): number };
}

export interface SpinSystem<S extends Spins = Spins> {
  /** Kebab-case; its sampler is the node type `<name>-sampler`. */
  readonly name: string;
  /** One sentence on what its sampler gives, and the text of the reference. */
  readonly summary: string;
  readonly details: string;
  /** One line on each column of the sampler that is the system's own, by port. */
  readonly notes?: Readonly<
    Record<"configurations" | "diagnostics", Readonly<Record<string, string>>>
  >;
  readonly layout: SpinLayout<S>;
  readonly observables: Readonly<Record<string, Observable>>;
  readonly means: Readonly<Record<string, ChainMean>>;
  /** The observables of `rows` configurations. */
  measure(data: SpinData, size: number, rows: number): Totals;
  readonly symmetry: Symmetry;
  readonly updates: Updates;
  readonly rules: BlockRules<S>;
  readonly exact?: ExactResults;
}
