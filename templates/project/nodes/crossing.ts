/** Node types of this project: where the Binder cumulants of two lattices cross, and what that says. */
import { ActionError, defineNode, f64, i32, type Table, Type, table, utf8 } from "blockspin/node";

const configurations = { beta: f64, magnetization: i32 } as const;

export const binderCrossing = defineNode({
  type: "binder-crossing",
  version: 1, // raise it when `run` returns something else for the same input
  summary: "Where 1 - <m^4> / (3 <m^2>^2) is the same on a small and on a large lattice.",
  params: Type.Object({}),
  inputs: { small: table(configurations), large: table(configurations) },
  outputs: {
    crossing: table({ beta_c: f64 }, { main: true }),
    cumulants: table({ lattice: utf8, beta: f64, cumulant: f64 }),
  },

  async run({ inputs }) {
    const small = cumulantsOf(await inputs.small.table());
    const large = cumulantsOf(await inputs.large.table());
    const both = [...small.keys()].filter((beta) => large.has(beta));
    const differences = both.map((beta) => [beta, large.get(beta)! - small.get(beta)!] as const);
    return {
      crossing: { beta_c: [zeroOf(differences)] },
      cumulants: {
        lattice: [...[...small].map(() => "small"), ...[...large].map(() => "large")],
        beta: [...small.keys(), ...large.keys()],
        cumulant: [...small.values(), ...large.values()],
      },
    };
  },
});

/** By beta. */
function cumulantsOf({ columns, rows }: Table<typeof configurations>): Map<number, number> {
  const sums = new Map<number, { n: number; m2: number; m4: number }>();
  for (let row = 0; row < rows; row++) {
    const beta = columns.beta[row]!;
    const square = columns.magnetization[row]! ** 2;
    const { n, m2, m4 } = sums.get(beta) ?? { n: 0, m2: 0, m4: 0 };
    sums.set(beta, { n: n + 1, m2: m2 + square, m4: m4 + square * square });
  }
  return new Map([...sums].map(([beta, { n, m2, m4 }]) => [beta, 1 - (m4 * n) / (3 * m2 * m2)]));
}

export const isItThere = defineNode({
  type: "is-it-there",
  version: 1,
  summary:
    "Whether the mean over seeds is within a share of the exact value, by its 95 % interval.",
  params: Type.Object({
    exact: Type.Number({ description: "The exact value." }),
    within: Type.Number({ description: "How far from it still counts, as a share." }),
  }),
  inputs: { crossings: table({ beta_c: f64 }) },
  outputs: { answer: table({ beta_c: f64, lo: f64, hi: f64, exact: f64, answer: utf8 }) },

  async run({ params: { exact, within }, inputs }) {
    const { columns, rows } = await inputs.crossings.table();
    if (rows < 3) throw new ActionError("needs three seeds: their spread is the error");
    const center = mean(columns.beta_c);
    const variance = mean(columns.beta_c.map((beta) => (beta - center) ** 2));
    // Student's t for 95 %, within 3 % of the exact quantile from 3 seeds on.
    const t = 1.96 + 2.4 / (rows - 1) + 4.6 / (rows - 1) ** 2;
    const half = t * Math.sqrt(variance / (rows - 1));
    const [lo, hi, margin] = [center - half, center + half, within * exact];
    const near = lo > exact - margin && hi < exact + margin;
    const far = hi < exact - margin || lo > exact + margin;
    const share = `${100 * within} %`;
    const answer = near
      ? `yes, within ${share}`
      : far
        ? `no, more than ${share} away`
        : "unclear: more samples or seeds";
    return { answer: { beta_c: [center], lo: [lo], hi: [hi], exact: [exact], answer: [answer] } };
  },
});

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Where the straight line through these points, by least squares, is zero. */
function zeroOf(points: readonly (readonly [x: number, y: number])[]): number {
  const [x0, y0] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope =
    mean(points.map(([x, y]) => (x - x0) * (y - y0))) / mean(points.map(([x]) => (x - x0) ** 2));
  return x0 - y0 / slope;
}
