/** A user's node as the compiler sees it: what `@ts-expect-error` stands above must be refused. */
import { bits, defineNode, f64, i32, nullable, Type, table, utf8 } from "blockspin/node";

const shape = {
  type: "mine",
  version: 1,
  summary: "Mine.",
  params: Type.Object({ scale: Type.Number({ default: 1 }), betas: Type.Array(Type.Number()) }),
  inputs: {
    configurations: table({ beta: f64, magnetization: i32, spins: bits("*") }),
    more: table({}, { optional: true }),
  },
  outputs: {
    means: table({ beta: f64, mean: nullable(f64), name: utf8 }, { main: true }),
    rows: table({ n: i32, spins: bits(4) }),
  },
} as const;

const rows = { n: [1], spins: [[true, false, true, true]] };
const means = { beta: new Float64Array([1]), mean: [null], name: ["a"] };

export const right = [
  defineNode({
    ...shape,
    async run({ params, inputs, random }) {
      const { columns, rows: n } = await inputs.configurations.table();
      const mean: number = (columns.magnetization[0] ?? 0) * params.scale + random("x").float64();
      const more: number | undefined = inputs.more?.rows;
      for await (const batch of inputs.configurations.chunks()) void batch.columns.beta[0];
      return { means: { ...means, mean: [mean, more ?? null] }, rows: { ...rows, n: [n] } };
    },
  }),
  // Batches, one by one.
  defineNode({
    ...shape,
    maps: "configurations",
    async run({ inputs }) {
      async function* batches() {
        for await (const { columns } of inputs.configurations.chunks())
          yield { ...rows, n: columns.magnetization };
      }
      return { means, rows: batches() };
    },
  }),
  // Columns whose names are not known before it runs.
  defineNode({
    ...shape,
    run: () => ({
      means: Object.fromEntries([["beta", [1]]]) as never,
      rows,
    }),
  }),
  // Ports that depend on parameters.
  defineNode({
    ...shape,
    outputs: ({ scale }) => ({ one: table({ x: bits(scale) }) }),
    run: () => ({ one: { x: [[true]] } }),
  }),
];

export const wrong = [
  defineNode({
    ...shape,
    async run({ params, inputs }) {
      // @ts-expect-error: an input port that there is not
      await inputs.configuration.table();
      // @ts-expect-error: a stage may leave it out
      await inputs.more.table();
      const { columns } = await inputs.configurations.table();
      // @ts-expect-error: a column that there is not
      void columns.magnetisation;
      // @ts-expect-error: a parameter that there is not
      void params.scales;
      // @ts-expect-error: a parameter of another type
      const scale: string = params.scale;
      return { means: { ...means, name: [scale] }, rows };
    },
  }),
  // @ts-expect-error: a port is missing
  defineNode({ ...shape, run: () => ({ means }) }),
  // @ts-expect-error: a port's name is misspelt
  defineNode({ ...shape, run: () => ({ mean: means, rows }) }),
  // @ts-expect-error: a column is missing
  defineNode({ ...shape, run: () => ({ means: { beta: [1], name: ["a"] }, rows }) }),
  // @ts-expect-error: a column's name is misspelt
  defineNode({ ...shape, run: () => ({ means: { beta: [1], maen: [1], name: ["a"] }, rows }) }),
  // @ts-expect-error: text in a column of numbers
  defineNode({ ...shape, run: () => ({ means: { ...means, beta: ["1"] }, rows }) }),
  // @ts-expect-error: numbers in a column of text
  defineNode({ ...shape, run: () => ({ means: { ...means, name: [1] }, rows }) }),
  // @ts-expect-error: null in a column without nulls
  defineNode({ ...shape, run: () => ({ means: { ...means, beta: [null] }, rows }) }),
  // @ts-expect-error: the array of another type
  defineNode({ ...shape, run: () => ({ means, rows: { ...rows, n: new Float64Array(1) } }) }),
  // @ts-expect-error: no rows
  defineNode({ ...shape, run: () => ({ means, rows: undefined }) }),
  // @ts-expect-error: an input port that there is not
  defineNode({ ...shape, maps: "configuration", run: () => ({ means, rows }) }),
  // @ts-expect-error: a parameter that there is not
  defineNode({ ...shape, splits: "beta", run: () => ({ means, rows }) }),
  // @ts-expect-error: an output port that there is not
  defineNode({ ...shape, grows: { by: "scale", extends: ["mean"] }, run: () => ({ means, rows }) }),
  defineNode({
    ...shape,
    outputs: ({ scale }) => ({ one: table({ x: bits(scale) }) }),
    // @ts-expect-error: text in a column of bits
    run: () => ({ one: { x: [["a"]] } }),
  }),
  defineNode({
    ...shape,
    outputs: () => ({ a: table({ x: f64 }) }),
    // @ts-expect-error: a port that the function does not return
    run: () => ({ b: { x: [1] } }),
  }),
];
