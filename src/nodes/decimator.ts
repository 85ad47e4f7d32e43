/** Node type `decimator`: real-space coarse-graining of spin configurations. */
import {
  type Batch,
  type Columns,
  type Context,
  defineNode,
  InvalidParam,
  type Port,
  Seed,
  type Static,
  type Table,
  Type,
  table,
  vector,
} from "../engine/node-type.ts";
import type { SpinData, Spins } from "../lattice/systems/system.ts";
import { anySpins, sideOf, spinsColumn, systemOf } from "./shared/lattice.ts";
import * as note from "./shared/notes.ts";
import { tieStreams } from "./shared/ties.ts";

const params = Type.Object({
  rule: Type.Union(
    [
      Type.Literal("decimation"),
      Type.Literal("majority"),
      Type.Literal("average"),
      Type.Literal("sqrt-2"),
    ],
    {
      default: "decimation",
      description:
        "What a block becomes: its first spin, the sign of its sum, its mean (a real number), " +
        "or every second site twice over.",
    },
  ),
  factor: Type.Integer({
    default: 2,
    minimum: 2,
    description: "Sites a side of a block, b; not used by sqrt-2, which divides by 2.",
  }),
  steps: Type.Integer({
    default: 1,
    minimum: 1,
    description: "How often the rule is applied; for sqrt-2 an even number.",
  }),
  offset: Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })], {
    default: [0, 0],
    description: "Row and column of the site where the first block begins.",
  }),
  tie: Type.Union(
    [Type.Literal("random"), Type.Literal("up"), Type.Literal("down"), Type.Literal("top-left")],
    { default: "random", description: "What majority does with a block whose sum is 0." },
  ),
  seed: Seed({ default: 1, description: "Seed of the random ties." }),
});
type Params = Static<typeof params>;

const inputs = { configurations: table({ spins: anySpins }) };

/** Columns that describe the finer configuration only. */
const outdated = ["spins", "energy", "magnetization"];

export const decimator = defineNode({
  type: "decimator",
  version: 1,
  summary: "Coarse-grains configurations: decimation, block majority, block average, sqrt-2 rule.",
  details: `Row i of the output comes from row i of the input alone. Columns are carried over, except
\`energy\` and \`magnetization\`, which are those of the finer lattice. \`average\` yields the column
\`values\` (Float32) in place of \`spins\`.

Every spin system has decimation and sqrt-2, which keep sites; majority and average are for systems
that define them, as ising does.

Blocks of \`factor\` x \`factor\` sites tile the periodic lattice from \`offset\` on, which shifts the
lattice once, before the first step. A random tie takes its bit from the seed, the configuration (its
spins and, if there are such columns, its \`chain\` and \`time\`) and the block, so that equal spins
from two chains break ties independently. \`up\` and \`down\` break the symmetry under reversal of all
spins, \`top-left\` that under rotations. Two steps of sqrt-2 decimation are a decimation by 2.`,
  notes: {
    configurations: {
      ...note.configurations,
      values: "Block averages of the spins, -1 to 1, row-major (rule average).",
    },
  },
  typical: {
    params: { rule: "majority", factor: 2 },
    inputs: { configurations: note.lattices },
    depends:
      "The lattice shrinks by factor at each step. Rule average gives `values` (float32) for `spins`. Other columns are carried over, without energy and magnetization.",
  },
  params,
  inputs,
  outputs: (params: Params, { configurations = {} }): { configurations: Port } => {
    const { size, kept } = shapeOf(configurations);
    const { name, layout, rules } = systemOf("configurations", configurations);
    const { rule } = params;
    if ((rule === "majority" || rule === "average") && !rules[rule]) {
      throw new InvalidParam("rule", `${name} spins have no ${rule}: use decimation or sqrt-2`);
    }
    const width = check(params, size);
    const coarse: Columns =
      rule === "average"
        ? { values: vector("float32", width * width, [width, width]) }
        : { spins: spinsColumn(layout.item, width) };
    return { configurations: table({ ...coarse, ...kept }, { main: true }) };
  },
  maps: "configurations",
  figures: {
    samples: {
      title: "Configurations",
      text: "The first of each inverse temperature.",
      tiles: { column: "spins", rows: "beta", limit: 8 },
    },
  },

  async run(context) {
    const { rule, tie } = context.params;
    if (rule === "majority" && (tie === "up" || tie === "down")) {
      context.warn("tie-breaks-symmetry", `tie "${tie}" breaks the symmetry between up and down`);
    }
    return { configurations: coarsen(context) };
  },
});

/** The lattice's size, and the columns that are carried over. */
function shapeOf(columns: Columns): { size: number; kept: Columns } {
  const size = sideOf("configurations", columns);
  const kept = Object.entries(columns).filter(([name]) => !outdated.includes(name));
  return { size, kept: Object.fromEntries(kept) };
}

/** The size after all steps. */
function check({ rule, factor, steps, offset }: Params, size: number): number {
  if (rule === "sqrt-2" && steps % 2) {
    throw new InvalidParam("steps", `must be even for the sqrt-2 rule, got ${steps}`);
  }
  const [by, times] = rule === "sqrt-2" ? [2, steps / 2] : [factor, steps];
  let width = size;
  for (let step = 0; step < times; step++) {
    if (width % by) {
      const when = step ? ` (the size after ${step === 1 ? "1 step" : `${step} steps`})` : "";
      throw new InvalidParam("factor", `${by} does not divide ${width}${when}`);
    }
    width /= by;
  }
  for (const [i, d] of offset.entries()) {
    if (d >= size) throw new InvalidParam(`offset.${i}`, `expected less than ${size}, got ${d}`);
  }
  return width;
}

type Run = Context<Params, typeof inputs>;
type Rows = Table<(typeof inputs)["configurations"]["columns"]>;

async function* coarsen(context: Run): AsyncGenerator<Batch, void, undefined> {
  const { inputs, signal, params } = context;
  const { size, kept } = shapeOf(inputs.configurations.schema);
  for await (const rows of inputs.configurations.chunks()) {
    signal.throwIfAborted();
    const columns: Readonly<Record<string, Batch[string]>> = rows.columns;
    const carried = Object.keys(kept).map((name) => [name, columns[name]!]);
    const coarse =
      params.rule === "average"
        ? { values: averages(context, rows, size) }
        : { spins: blockSpins(context, rows, size) };
    yield { ...coarse, ...Object.fromEntries(carried) };
  }
}

function averages({ params, inputs }: Run, rows: Rows, size: number): Float32Array {
  const { layout, rules } = systemOf("configurations", inputs.configurations.schema);
  const data = rows.columns.spins as SpinData;
  const fine = rules.translate(data, rows.rows, size, ...params.offset);
  let values: Spins | Float64Array = layout.unpack(fine, size * size, 0, rows.rows);
  for (let step = 0, width = size; step < params.steps; step++, width /= params.factor) {
    values = rules.average!(values, width, params.factor);
  }
  return Float32Array.from(values);
}

/** The coarse spins as a column holds them. */
function blockSpins({ params, inputs, random }: Run, rows: Rows, size: number): SpinData {
  const { rule, factor, steps, offset, tie } = params;
  const { layout, rules, symmetry } = systemOf("configurations", inputs.configurations.schema);
  const fine = rows.columns.spins as SpinData;
  const bytes = layout.allocate(size * size).length;
  // Rows that end with an element of the array lie there as if alone.
  const isWhole = fine.length === rows.rows * bytes;
  const packed = (row: number) => {
    if (isWhole) return fine.subarray(row * bytes, (row + 1) * bytes);
    const one = layout.allocate(size * size);
    layout.copy(fine, row * size * size, one, 0, size * size, symmetry.identity);
    return one;
  };
  const coins = tieStreams(random, rows, packed);
  let spins = rules.translate(fine, rows.rows, size, ...offset);
  for (let step = 0, width = size; step < steps; ) {
    // A step of sqrt 2 keeps every second site, in a checkerboard, and turns the lattice by 45 degrees;
    // two of them are a decimation by 2.
    const [by, taken] = rule === "sqrt-2" ? [2, 2] : [factor, 1];
    if (rule === "majority") {
      spins = rules.majority!(spins, rows.rows, width, by, tie, coins(step));
    } else spins = rules.decimate(spins, rows.rows, width, by);
    width /= by;
    step += taken;
  }
  return spins;
}
