/** Node type `import`: spin configurations from a file, with the columns of `ising-sampler`. */
import {
  bits,
  defineNode,
  File,
  f64,
  InvalidParam,
  i8,
  i32,
  type Static,
  Type,
  table,
  utf8,
} from "../../engine/node-type.ts";
import { measureSpins, packSpins } from "../../lattice/spins.ts";
import { type Configurations, type Format, readConfigurations } from "./spins.ts";

const params = Type.Object(
  {
    file: File({
      description: "NPY, CSV, Parquet, or raw bits; a path relative to the pipeline file.",
    }),
    size: Type.Integer({
      minimum: 2,
      maximum: 4096,
      description: "Sites a side, L; the lattice is square and periodic.",
    }),
    format: Type.Unsafe<Format>({
      enum: ["auto", "npy", "csv", "parquet", "bits"],
      default: "auto",
      description: "auto goes by the file's first bytes; raw bits must be named.",
    }),
    beta: Type.Optional(
      Type.Union([Type.Number({ minimum: 0 }), Type.Array(Type.Number({ minimum: 0 }))], {
        description:
          "Inverse temperature of all rows, or a list: of as many equal blocks of rows, in order.",
      }),
    ),
    chains: Type.Integer({
      minimum: 1,
      default: 1,
      description: "Independent chains per beta: as many equal blocks of its rows, in order.",
    }),
    beta_column: Type.String({
      default: "beta",
      description: "CSV and Parquet: the column of betas.",
    }),
    chain_column: Type.String({
      default: "chain",
      description: "CSV and Parquet: the column of chain ids.",
    }),
    time_column: Type.String({
      default: "time",
      description: "CSV and Parquet: the column of times within a chain.",
    }),
    bit_order: Type.Unsafe<"little" | "big">({
      enum: ["little", "big"],
      default: "little",
      description:
        "Raw bits: little puts the least significant bit of a byte first; NumPy's is big.",
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

export const importNode = defineNode({
  type: "import",
  version: 1,
  summary: "Reads spin configurations from a file of yours: NPY, CSV, Parquet or raw bits.",
  details: `
Spins are -1 and +1, or 0 and 1 (bool), the same all through the file.

- NPY: an array of bool, integers or floats in C order, of shape [n, L, L] or [n, L^2]; further axes
  in front count as rows, the last of them fastest.
- CSV: with a header, the columns \`beta\`, \`chain\`, \`time\` (or as named by the parameters) where
  there are any, columns \`energy\`, \`magnetization\` and \`sign\`, which are left alone, and the
  spins either in one column \`spins\` ("[1,-1,...]", "+-+-", "0110") or in the L^2 other columns,
  in order. Without a header: L^2 numbers a row.
- Parquet: the same columns; \`spins\` may also hold lists of L^2 numbers or bool, or L lists of L,
  as pyarrow, pandas and Polars write them. Row labels of pandas (\`__index_level_0__\`) are left
  alone. A \`beta\` of type float32 is what it says: 0.4 is 0.4000000059604645 there.
- bits: L^2 bits a row, back to back; 1 is +1. \`numpy.packbits\` writes bit_order: big.

\`beta\` is needed unless a CSV or Parquet file has it. Rows without a chain id get one from the
file's content, the beta and the block, so that what was trained on the file is known; \`time\` counts
within a chain. \`energy\` and \`magnetization\` are measured; \`sign\` is 1. Measures then work as
for the sampler's configurations.`,
  params,
  inputs: {},
  outputs: ({ size, beta }: Params) => {
    if (Array.isArray(beta) && beta.length === 0)
      throw new InvalidParam("beta", "is an empty list");
    const sites = size * size;
    return {
      configurations: table({
        spins: bits(sites, [size, size]),
        beta: f64,
        chain: utf8,
        time: i32,
        energy: i32,
        magnetization: i32,
        sign: i8,
      }),
    };
  },

  async run({ params }) {
    const read = await readFile(params);
    const beta = betasOf(params, read);
    const packed = packSpins(read.spins);
    return {
      configurations: {
        spins: packed,
        beta,
        ...chainsOf(params, read, beta),
        ...measureSpins(packed, params.size, read.rows),
        sign: new Int8Array(read.rows).fill(1),
      },
    };
  },
});

/** What the sampler writes beside the spins; measured anew here. */
const measured = ["energy", "magnetization", "sign"];

async function readFile(params: Params): Promise<Configurations> {
  const { file, format, size, bit_order: bitOrder } = params;
  const wanted = [params.beta_column, params.chain_column, params.time_column];
  try {
    return await readConfigurations(file.bytes, {
      ...{ format, size, bitOrder, wanted },
      ignored: measured,
    });
  } catch (error) {
    if (error instanceof RangeError) fail(params, error.message);
    throw error;
  }
}

function fail({ file }: Params, message: string): never {
  throw new InvalidParam("file", `${JSON.stringify(file.name)} ${message}`);
}

function betasOf(params: Params, { rows, columns }: Configurations): Float64Array {
  const cells = columns[params.beta_column];
  const { beta } = params;
  if (beta === undefined) {
    if (!cells) fail(params, `has no column ${JSON.stringify(params.beta_column)}: give beta`);
    return Float64Array.from(cells, (cell, row) => {
      const value = cell === "" ? Number.NaN : Number(cell);
      if (!(Number.isFinite(value) && value >= 0)) {
        fail(params, `has beta ${JSON.stringify(cell)} in row ${row}: expected a number >= 0`);
      }
      return value;
    });
  }
  if (cells) fail(params, `has a column ${JSON.stringify(params.beta_column)}: leave out beta`);
  const betas = typeof beta === "number" ? [beta] : beta;
  if (rows % betas.length) {
    fail(params, `has ${rows} rows: expected a multiple of ${betas.length}, one block a beta`);
  }
  return Float64Array.from({ length: rows }, (_, row) => {
    return betas[Math.floor((row * betas.length) / rows)]!;
  });
}

/** Chain ids and times: those of the file, or contiguous blocks of the rows of each beta. */
function chainsOf(params: Params, { rows, columns }: Configurations, beta: Float64Array) {
  const ids = columns[params.chain_column] ?? madeUpIds(params, beta);
  const seen = new Map<string, number>();
  const counted = ids.map((id) => {
    const time = seen.get(id) ?? 0;
    seen.set(id, time + 1);
    return time;
  });
  const cells = columns[params.time_column];
  const time = Int32Array.from({ length: rows }, (_, row) => {
    const value = cells ? Number(cells[row]) : counted[row]!;
    if (!Number.isInteger(value) || value !== (value | 0)) {
      const got = `time ${JSON.stringify(cells?.[row])} in row ${row}`;
      fail(params, `has ${got}: expected an integer of 32 bits`);
    }
    return value;
  });
  return { chain: ids, time };
}

function madeUpIds(params: Params, beta: Float64Array): string[] {
  const { chains, file } = params;
  const counts = new Map<number, number>();
  for (const value of beta) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of counts) {
    if (count % chains === 0) continue;
    fail(params, `has ${count} rows at beta ${value}: expected a multiple of chains, ${chains}`);
  }
  const seen = new Map<number, number>();
  return Array.from(beta, (value) => {
    const at = seen.get(value) ?? 0;
    seen.set(value, at + 1);
    const chain = Math.floor((at * chains) / counts.get(value)!);
    return `file=${file.digest.slice(-16)} beta=${value} chain=${chain}`;
  });
}
