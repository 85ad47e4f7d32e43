/**
 * `compression`: how far deflate compresses spins or codes, between a constant stream and a random
 * one. Knows nothing of what made them.
 */
import {
  bits,
  defineNode,
  f64,
  InvalidInput,
  i32,
  nullable,
  Seed,
  Type,
  table,
} from "../engine/node-type.ts";
import { groupRows } from "../statistics/groups.ts";
import * as note from "./shared/notes.ts";
import { averaged, averagedError, columnsOf } from "./shared/tables.ts";

const params = Type.Object(
  {
    bits: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          "Bits per beta that are compressed, the first ones; else as many as the beta with the " +
          "fewest has. Compare ensembles at equal bits.",
      }),
    ),
    seed: Seed({ default: 1, description: "Seed of the random stream." }),
  },
  { additionalProperties: false },
);

const metrics = {
  ratio: f64,
  ratio_se: nullable(f64),
  ratio_aligned: f64,
  ratio_aligned_se: nullable(f64),
  bits: f64,
};
const byBetaColumns = {
  beta: f64,
  ...metrics,
  bytes: i32,
  bytes_aligned: i32,
  bytes_constant: i32,
  bytes_random: i32,
  configurations: i32,
};

/** Streams shorter than this are largely headers and warming up. */
const shortest = 16384;

export const compression = defineNode({
  type: "compression",
  version: 2,
  summary: "Normalized compressed size of spins or codes.",
  details: `
ratio = (C - C_constant) / (C_random - C_constant), with C the bytes of deflate at level 9
(RFC 1951, without a header, by the library fflate) for the bits of all configurations at a beta, row
by row and one behind the other: 0 for a constant stream, 1 for a random one. It bounds the entropy
per site from above, in bits, and loosely: deflate sees rows, not the lattice.

The references are as long as the stream, so that headers drop out; images compressed one by one are
mostly headers (8 x 8 spins cost 2 "bits a site"). Compare ensembles at equal \`bits\`, from one
member each: the offsets of one decimation, collected, resemble each other and compress together.

The sign of a whole configuration is one bit, which costs a lattice of 64 sites four times as much a site
as one of 256. \`ratio_aligned\` is without it: each row is multiplied by the sign of its sum, or of its
first spin where the sum is 0, before it is compressed. Where s and -s are equally likely, this takes
exactly one bit from each row, so compare lattices of different sizes by it.

\`ratio_se\` is the standard error of the ratios of 20 contiguous blocks of configurations; as they
are shorter, each is a little larger than the whole. \`summary\` is the mean over betas.`,
  notes: {
    configurations: {
      spins: "Bits to compress, row by row.",
      beta: note.beta,
    },
    summary: {
      ratio:
        "Mean over betas of the compressed size: 0 like a constant stream, 1 like a random one.",
      ratio_se: "Standard error of ratio, from those of the betas.",
      ratio_aligned:
        "Compressed size without the random sign of each row, a mean over betas: 0 constant, 1 random.",
      ratio_aligned_se: "Standard error of ratio_aligned, from those of the betas.",
      bits: "Bits compressed at each beta.",
    },
    by_beta: {
      beta: note.beta,
      ratio: "Compressed size: 0 like a constant stream, 1 like a random one.",
      ratio_se: "Standard error of ratio, from 20 contiguous blocks of configurations.",
      bits: "Bits that were compressed.",
      ratio_aligned:
        "Compressed size without the random sign of each row (turned to a sum of 0 or more): 0 constant, 1 random.",
      ratio_aligned_se: "Standard error of ratio_aligned, from 20 contiguous blocks.",
      bytes: "Size of the compressed stream, in bytes.",
      bytes_aligned: "Size of the compressed stream of turned rows, in bytes.",
      bytes_constant: "Size of a constant stream of as many bits, in bytes.",
      bytes_random: "Size of a random stream of as many bits, in bytes.",
      configurations: "Configurations that the bits are of.",
    },
  },
  params,
  inputs: {
    configurations: table(
      { spins: bits("*"), beta: f64 },
      { description: "Spins of lattices, or of codes." },
    ),
  },
  outputs: {
    summary: table(metrics, { main: true }),
    by_beta: table(byBetaColumns),
  },

  figures: {
    aligned: {
      port: "by_beta",
      title: "Compressed size without the sign",
      text: "Each row is turned to have a sum of 0 or more, so that its random sign costs nothing.",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "ratio_aligned", title: "of that of random bits" },
      },
    },
    ratio: {
      port: "by_beta",
      title: "Compressed size",
      mark: { type: "line", strokeWidth: 1.5 },
      encoding: {
        x: { field: "beta", title: "β", scale: { zero: false } },
        y: { field: "ratio", title: "of that of random bits" },
      },
    },
  },

  async run({ params, inputs, random, warn }) {
    const { alignedRows, compressionRows } = await import("./shared/compression.ts");
    const { columns, schema, rows } = await inputs.configurations.table();
    if (rows === 0) throw new InvalidInput("configurations", "has no rows");
    const width = (schema["spins"] as { size: number }).size;
    const source = { bits: columns.spins, width };
    const [plain, aligned] = [source, alignedRows(source, rows)].map((of) =>
      compressionRows(of, groupRows(columns.beta), {
        length: params.bits,
        referenceOf: (count) => random("reference", count),
      }),
    );
    const measured = plain!.map((row, b) => {
      const { ratio: ratio_aligned, ratio_se: ratio_aligned_se, bytes } = aligned![b]!;
      return { ...row, ratio_aligned, ratio_aligned_se, bytes_aligned: bytes };
    });
    const { bits } = measured[0]!;
    if (bits < shortest) {
      const message = `${bits} bits per beta: below ${shortest} the size is largely overhead`;
      warn("short-stream", message);
    }
    return {
      summary: {
        ratio: [averaged(measured.map(({ ratio }) => ratio))!],
        ratio_se: [averagedError(measured.map(({ ratio_se }) => ratio_se))],
        ratio_aligned: [averaged(measured.map((row) => row.ratio_aligned))!],
        ratio_aligned_se: [averagedError(measured.map((row) => row.ratio_aligned_se))],
        bits: [bits],
      },
      by_beta: columnsOf(byBetaColumns, measured),
    };
  },
});
