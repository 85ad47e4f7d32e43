/** Node type `import`: reads spin configurations from a file, with the columns of `ising-sampler`. */
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
import { betasIn, betasOfBlocks, type Quantity } from "./betas.ts";
import { chainsOf } from "./chains.ts";
import { type ColumnRef, isMisnamed, type Layout } from "./columns.ts";
import type { Configurations, Format } from "./configurations.ts";
import { readLabels } from "./labels.ts";
import { notes, typical } from "./notes.ts";
import { readConfigurations } from "./spins.ts";

const column = (description: string, preset?: string) =>
  Type.Unsafe<ColumnRef>({
    anyOf: [{ type: "string" }, { type: "integer", minimum: 0 }],
    ...(preset !== undefined && { default: preset }),
    description,
  });

const oneOrMore = (bound: { minimum: number } | { exclusiveMinimum: number }, what: string) =>
  Type.Union([Type.Number(bound), Type.Array(Type.Number(bound))], {
    description: `${what} of all rows, or a list: of as many equal blocks of rows, in order.`,
  });

// Parameters that were added later have no default, so that keys stay as they are.
const params = Type.Object(
  {
    file: File({
      description: "NPY, NPZ, text, Parquet, or raw bits; a path relative to the pipeline file.",
    }),
    size: Type.Integer({
      minimum: 2,
      maximum: 4096,
      description: "Sites a side, L; the lattice is square and periodic.",
    }),
    format: Type.Unsafe<Format>({
      enum: ["auto", "npy", "npz", "csv", "parquet", "bits"],
      default: "auto",
      description: "auto goes by the file's first bytes; csv is any text; raw bits must be named.",
    }),
    array: Type.Optional(Type.String({ description: "NPZ: the name of the array of spins." })),
    layout: Type.Optional(
      Type.Unsafe<Layout>({
        enum: ["flat", "rows"],
        description:
          "A line of text (or the last axis of an array) holds a configuration (flat) or a row of " +
          "the lattice (rows). Default: its length decides.",
      }),
    ),
    header: Type.Optional(
      Type.Boolean({
        description: "Text: whether the first line names the columns. Default: its cells decide.",
      }),
    ),
    count: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: "How many configurations the file holds; another number is an error.",
      }),
    ),
    beta: Type.Optional(oneOrMore({ minimum: 0 }, "Inverse temperature")),
    temperatures: Type.Optional(
      oneOrMore({ exclusiveMinimum: 0 }, "Instead of beta: temperature (beta is 1 / T)"),
    ),
    labels: Type.Optional(
      Type.Object(
        {
          file: Type.Optional(
            File({ description: "NPY, NPZ or text; default: the same NPZ file." }),
          ),
          array: Type.Optional(Type.String({ description: "NPZ: the name of the array." })),
          column: Type.Optional(column("Text of several columns: its name or number.")),
          are: Type.Unsafe<Quantity>({ enum: ["beta", "temperature"] }),
        },
        {
          additionalProperties: false,
          description: "Instead of beta: betas or temperatures in a file or an array of their own.",
        },
      ),
    ),
    chains: Type.Integer({
      minimum: 1,
      default: 1,
      description: "Independent chains per beta: as many equal blocks of its rows, in order.",
    }),
    beta_column: column("Tables: the column of betas, by name or number (the first is 0).", "beta"),
    temperature_column: Type.Optional(column("Tables: a column of temperatures instead.")),
    chain_column: column("Tables: the column of chain ids.", "chain"),
    time_column: column("Tables: the column of times within a chain.", "time"),
    spins_column: Type.Optional(
      column("Tables: the column that holds whole configurations. Default: spins, if it is there."),
    ),
    ignore: Type.Optional(
      Type.Array(column("A name or a number."), {
        description: "Tables: columns that are neither spins nor anything else.",
      }),
    ),
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
  summary: "Reads spin configurations from a file of yours: NPY, NPZ, text, Parquet or raw bits.",
  details: `
Spins are exactly -1 and +1, or 0 and 1, or true and false, the same all through the file. Whatever is
not a value (a blank, nan, 0x1, too few cells) is an error that names the row and the site.

- NPY and NPZ: an array of bool, integers or floats, of shape [n, L, L] or [n, L^2], with or without a
  last axis of length 1; further axes in front count as rows, the last of them fastest. \`array\` names
  an array of an NPZ file with several.
- Text: cells between commas, semicolons, tabs or spaces, as the first line has them; lines that begin
  with # are left out. L^2 columns of spins are a configuration a line; L columns are a row of the
  lattice a line, L lines a configuration, with or without blank lines between configurations. Or
  one column \`spins\` holds it all: "[1,-1,...]", "+-+-", "0110". A first line without a single value
  names the columns. Those called \`beta\`, \`chain\`, \`time\` (or as named by the parameters) are what
  they say; \`energy\`, \`magnetization\`, \`sign\` and those in \`ignore\` are left alone. Columns without
  names go by number; so do those of an array of two axes.
- Parquet: the same columns, a configuration a row; \`spins\` may also hold lists of L^2 numbers or bool,
  or L lists of L, as pyarrow, pandas and Polars write them. Row labels of pandas
  (\`__index_level_0__\`) are left alone. A \`beta\` of type float32 is what it says: 0.4 is
  0.4000000059604645 there.
- bits: L^2 bits a row, back to back, or each row from the start of a byte; 1 is +1. \`numpy.packbits\`
  writes bit_order: big.

Give one of \`beta\`, \`temperatures\`, \`labels\`, \`temperature_column\`, unless a table has a column of
betas. beta is 1 / T, with the Boltzmann constant 1. \`labels\` has one value a configuration, or one for
each of the first axes of an array. Rows without a chain id get one from the file's content, the beta
and the block, so that what was trained on the file is known; \`time\` counts within a chain. \`energy\`
and \`magnetization\` are measured; \`sign\` is 1. Measures then work as for the sampler's configurations.`,
  notes,
  typical,
  params,
  inputs: {},
  outputs: (params: Params) => {
    checkParams(params);
    const { size } = params;
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

  async run({ params, warn }) {
    const read = await readFile(params);
    const { columns } = read;
    const { chains, file } = params;
    const labels = within("file", file.name, () => {
      const beta = betasOf(params, read);
      const { chain: ids, time: times } = columns;
      return { beta, ...chainsOf({ beta, ids, times, chains, digest: file.digest }) };
    });
    for (const [role, asked] of [
      ["chain", params.chain_column],
      ["time", params.time_column],
    ] as const) {
      if (asked === role || columns[role]) continue;
      const instead = role === "chain" ? "chain ids are made up" : "times are counted";
      warn("no-such-column", `the file has no column ${JSON.stringify(asked)}: ${instead}`);
    }
    const packed = packSpins(read.spins);
    return {
      configurations: {
        spins: packed,
        ...labels,
        ...measureSpins(packed, params.size, read.rows),
        sign: new Int8Array(read.rows).fill(1),
      },
    };
  },
});

/** Where betas may come from, except a column of betas. */
const sources = ["beta", "temperatures", "labels", "temperature_column"] as const;

function checkParams(params: Params): void {
  for (const name of ["beta", "temperatures"] as const) {
    const list = params[name];
    if (Array.isArray(list) && list.length === 0) throw new InvalidParam(name, "is an empty list");
  }
  const cold = [params.temperatures ?? []].flat().find((value) => !Number.isFinite(1 / value));
  if (cold !== undefined) throw new InvalidParam("temperatures", `is ${cold}: too cold for a beta`);
  const [one, other] = sources.filter((name) => params[name] !== undefined);
  if (other)
    throw new InvalidParam(other, `says once more what ${one} says: leave out one of them`);
  const { labels } = params;
  refuseMisnamed("beta_column", params.beta_column, "beta", "temperature_column");
  refuseMisnamed("temperature_column", params.temperature_column, "temperature", "beta_column");
  if (!labels) return;
  if (labels.file === undefined && labels.array === undefined) {
    throw new InvalidParam("labels", "needs a file, or an array of the file that has the spins");
  }
  const hint = labels.are === "beta" ? "are: temperature" : "are: beta";
  refuseMisnamed("labels.array", labels.array, labels.are, hint);
  refuseMisnamed("labels.column", labels.column, labels.are, hint);
}

/** Betas taken for temperatures would be wrong in every row. */
function refuseMisnamed(
  path: string,
  name: ColumnRef | undefined,
  are: Quantity,
  hint: string,
): void {
  if (!isMisnamed(name, are)) return;
  const other = are === "beta" ? "temperatures" : "betas";
  throw new InvalidParam(path, `${JSON.stringify(name)} is a name for ${other}: say ${hint}`);
}

async function readFile(params: Params): Promise<Configurations> {
  const { file, format, size, layout, header, array, count, bit_order: bitOrder } = params;
  const roles = {
    beta: params.beta_column,
    chain: params.chain_column,
    time: params.time_column,
  };
  const { temperature_column: temperature, spins_column: spins, ignore = [] } = params;
  const columns = { roles, temperature, spins, ignore };
  const options = { format, size, bitOrder, columns, layout, header, array, count };
  return within("file", file.name, () => readConfigurations(file.bytes, options));
}

/** Reports an error in a file at the parameter that names it. */
function within<T>(path: string, name: string, work: () => T): T {
  const refuse = (error: unknown): never => {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidParam(path, `${JSON.stringify(name)} ${error.message}`);
  };
  try {
    const value = work();
    return value instanceof Promise ? (value.catch(refuse) as T) : value;
  } catch (error) {
    return refuse(error);
  }
}

function betasOf(params: Params, { columns, leading }: Configurations): Float64Array {
  const { beta, temperatures, labels } = params;
  const source = sources.find((name) => params[name] !== undefined);
  if (source && columns.beta) {
    const name = JSON.stringify(params.beta_column);
    const hint = source === "temperature_column" ? `or say ignore: [${name}]` : `or ignore it`;
    throw new RangeError(`has a column ${name}: leave out ${source}, ${hint}`);
  }
  if (beta !== undefined) return betasOfBlocks(beta, "beta", leading);
  if (temperatures !== undefined) return betasOfBlocks(temperatures, "temperature", leading);
  if (columns.temperature) return betasIn(columns.temperature, "temperature");
  if (labels) {
    const { file = params.file, are } = labels;
    const path = labels.file ? "labels.file" : "labels";
    return within(path, file.name, () => betasIn(readLabels(file.bytes, leading, labels), are));
  }
  if (columns.beta) return betasIn(columns.beta, "beta");
  const name = JSON.stringify(params.beta_column);
  throw new RangeError(`has no column ${name}: give beta, temperatures or temperature_column`);
}
