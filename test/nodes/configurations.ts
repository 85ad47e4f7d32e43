/** Spin configurations for the tests of nodes: small, and made of a stated pattern. */
import { bits, f64, utf8 } from "../../src/engine/node-type.ts";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import type { Table } from "../../src/table/schema.ts";
import { tableOf } from "../harness/tables.ts";

export interface Made {
  readonly side?: number;
  /** Configurations per beta. */
  readonly samples?: number;
  readonly betas?: readonly number[];
  /** First part of every chain id, and seed of the spins. */
  readonly part?: string;
}

/**
 * Spins that are equal within 2 x 2 blocks, but for single flips with probability exp(-8 beta)/2 or
 * so: something that four units out of sixteen sites can learn.
 */
export function configurations({
  side = 4,
  samples = 40,
  betas = [0.2, 0.5],
  part = "train",
}: Made = {}) {
  const size = side * side;
  const rows = betas.flatMap((beta) => Array.from({ length: samples }, (_, i) => ({ beta, i })));
  const streams = new Map(
    betas.map((beta) => {
      const name = { nodeType: "test", purpose: "configurations", seed: part, parts: [beta, side] };
      return [beta, createGenerator(streamSeed(name))];
    }),
  );
  const spins = rows.map(({ beta }) => {
    const random = streams.get(beta)!;
    const blocks = Array.from({ length: size }, () => random.below(2));
    const noise = 0.5 - beta;
    return Array.from({ length: size }, (_, site) => {
      const [y, x] = [Math.floor(site / side), site % side];
      const block = blocks[(y >> 1) * side + (x >> 1)]!;
      return random.float64() < noise ? 1 - block : block;
    });
  });
  return tableOf(
    { spins: bits(size, [side, side]), beta: f64, chain: utf8 },
    {
      spins,
      beta: rows.map(({ beta }) => beta),
      chain: rows.map(({ beta, i }) => `${part}/${beta}/${i % 2}`),
    },
  ) as Table;
}

/** Every second site of every second row, as a decimator with factor 2 gives it. */
export function decimated(table: Table, side = 4): Table {
  const half = side / 2;
  const bytes = table.columns["spins"] as Uint8Array;
  const spin = (row: number, site: number) => {
    const at = row * side * side + site;
    return (bytes[at >> 3]! >> (at & 7)) & 1;
  };
  const spins = Array.from({ length: table.rows }, (_, row) =>
    Array.from({ length: half * half }, (_, i) =>
      spin(row, 2 * side * Math.floor(i / half) + 2 * (i % half)),
    ),
  );
  const { beta, chain } = table.columns as Record<string, never>;
  return tableOf(
    { spins: bits(half * half, [half, half]), beta: f64, chain: utf8 },
    { spins, beta: beta!, chain: chain! },
  ) as Table;
}
