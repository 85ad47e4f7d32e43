/**
 * Independent Markov chains of one (size, beta), which are read together: the common part of all
 * samplers of Ising spins. Knows no schedule; `sampler.ts` does.
 */
import type { Generator } from "../../random/index.ts";
import type { Measured } from "../spins.ts";
import type { Snapshot } from "../systems/system.ts";
import type { StreamState } from "./sampler-state.ts";

export interface ChainOptions {
  /** Sites a side of the periodic square lattice. */
  readonly size: number;
  /** J / (k T), J = 1. */
  readonly beta: number;
  readonly chains: number;
  /** Random spins, or all up. */
  readonly start: "hot" | "cold";
  /** Two generators of its own for every block of chains, or for every cluster chain. */
  readonly random: (block: number, half: number) => Generator;
  /** The states to continue from, block by block; then `start` and `random` are not used. */
  readonly streams?: readonly StreamState[] | undefined;
}

/** Packed bits (see `spins.ts`), energies and magnetizations. */
export type IsingSnapshot = Snapshot<Uint8Array, Measured>;

export interface Chains {
  /** Valid until the chains move on. */
  read(): IsingSnapshot;
  /** Their states now, block by block. */
  state(): StreamState[];
}
