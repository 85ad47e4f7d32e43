/** Node type `ising-exact`: exact results for the square-lattice Ising model. */
import {
  defineNode,
  f64,
  InvalidParam,
  i32,
  nullable,
  type Port,
  type Static,
  Type,
  table,
  utf8,
} from "../engine/node-type.ts";
import {
  criticalAxis,
  criticalDiagonal,
  onsager,
  spontaneousMagnetization,
} from "../lattice/exact/plane.ts";
import { torusThermodynamics } from "../lattice/exact/torus.ts";
import { log } from "../math/index.ts";
import * as note from "./shared/notes.ts";
import { columnsOf } from "./shared/tables.ts";

type Quantity = "thermodynamics" | "correlations" | "density-of-states";

/** The largest torus whose states are counted within seconds. */
const largestCounted = 20;

const params = Type.Object(
  {
    size: Type.Union([Type.Integer({ minimum: 2, maximum: 4096 }), Type.Literal("infinite")], {
      description: "Sites a side, L, of the periodic lattice, or infinite.",
    }),
    quantities: Type.Array(
      Type.Unsafe<Quantity>({
        enum: ["thermodynamics", "correlations", "density-of-states"],
        description: "Each is an output port of its own, with _ for -.",
      }),
      {
        default: ["thermodynamics"],
        minItems: 1,
        uniqueItems: true,
        description: "Which results.",
      },
    ),
    betas: Type.Array(Type.Number({ minimum: 0 }), {
      default: [],
      description: "Inverse temperatures of the thermodynamics.",
    }),
    distance: Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 16,
      description: "The largest distance of the correlations along the diagonal.",
    }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const thermodynamicsColumns = {
  beta: f64,
  log_z: f64,
  energy: f64,
  specific_heat: nullable(f64),
  magnetization: nullable(f64),
  entropy: f64,
};
const correlationsColumns = { dy: i32, dx: i32, g: f64 };
const densityColumns = { energy: i32, states: utf8, log_states: f64 };

export const isingExact = defineNode({
  type: "ising-exact",
  version: 1,
  summary: "Exact results for the square-lattice Ising model, finite or infinite.",
  details: `
E = -sum over nearest neighbours of s s', J = k = 1. All but the density of states is per site;
entropies are in nats.

\`thermodynamics\`: ln Z, u, c = beta^2 Var(E) / N and s = ln Z + beta u. Infinite lattice: Onsager,
Phys. Rev. 65, 117 (1944), and the spontaneous magnetization (1 - sinh^-4 2 beta)^(1/8), Yang, Phys.
Rev. 85, 808 (1952). \`specific_heat\` is null at beta_c, where it diverges. L x L torus: Kaufman,
Phys. Rev. 76, 1232 (1949), for any L; there is no spontaneous magnetization then. L = 2 counts
every bond twice.

\`correlations\`, of the infinite lattice at beta_c: G(0,1) = sqrt 2 / 2, G(0,2) = 1 - 4/pi^2
(Kaufman and Onsager 1949) and G(n,n) = (2/pi)^n prod_(k<n) (1 - 1/(4 k^2))^(k - n) (McCoy and Wu
1973).

\`density_of_states\`, of an L x L torus with even L up to ${largestCounted}: the number of states at
every energy E (a total), as decimal digits in \`states\` because they exceed 64 bits from L = 8 on,
with their logarithm in \`log_states\`; Beale, Phys. Rev. Lett. 76, 78 (1996), in fixed-point
arithmetic precise enough that every digit is certain. They sum to 2^(L^2).`,
  notes: {
    thermodynamics: {
      beta: note.beta,
      log_z: "ln Z per site.",
      energy: "Energy per site, u, in units of J.",
      specific_heat:
        "beta^2 Var(E) / N per site, in units of k; null at beta_c of the infinite lattice, where it diverges.",
      magnetization:
        "Spontaneous magnetization per site of the infinite lattice; null for a finite one, which has none.",
      entropy: "Entropy per site, in nats.",
    },
    correlations: {
      dy: "Distance in rows, in sites.",
      dx: "Distance in columns, in sites.",
      g: "G(r) = <s(x) s(x + r)> of the infinite lattice at beta_c, without a unit.",
    },
    density_of_states: {
      energy: "Total energy E in units of J.",
      states: "Number of configurations with this energy, in decimal digits.",
      log_states: "ln of that number.",
    },
  },
  typical: {
    params: { size: 16, quantities: ["thermodynamics", "density-of-states"], betas: [0.4] },
    depends:
      "A port for each of `quantities`, the first of them main; correlations are of the infinite lattice.",
  },
  params,
  inputs: {},
  outputs: (given: Params): Record<string, Port> => {
    check(given);
    const ports: Record<Quantity, Port> = {
      thermodynamics: table(thermodynamicsColumns),
      correlations: table(correlationsColumns),
      "density-of-states": table(densityColumns),
    };
    return Object.fromEntries(
      given.quantities.map((quantity, i) => {
        return [portOf(quantity), { ...ports[quantity], main: i === 0 }];
      }),
    );
  },

  async run({ params: { size, quantities, betas, distance } }) {
    const tables = await Promise.all(
      quantities.map(async (quantity) => {
        if (quantity === "thermodynamics") return thermodynamics(size, betas);
        if (quantity === "correlations") return correlations(distance);
        return densityOfStatesTable(size as number);
      }),
    );
    return Object.fromEntries(quantities.map((quantity, i) => [portOf(quantity), tables[i]!]));
  },
});

function portOf(quantity: Quantity): string {
  return quantity.replaceAll("-", "_");
}

function check({ size, quantities, betas }: Params): void {
  for (const [i, beta] of betas.entries()) {
    if (!(Number.isFinite(beta) && beta >= 0)) {
      throw new InvalidParam(`betas.${i}`, `expected a finite number >= 0, got ${beta}`);
    }
    if (!Number.isFinite(2 * beta)) {
      throw new InvalidParam(`betas.${i}`, `is ${beta}, at which ln Z exceeds what float64 holds`);
    }
  }
  for (const [i, quantity] of quantities.entries()) {
    const fail = (expected: string) => {
      throw new InvalidParam(`quantities.${i}`, `${quantity} needs ${expected}`);
    };
    if (quantity === "thermodynamics" && betas.length === 0) fail("betas");
    if (quantity === "correlations" && size !== "infinite") fail(`size infinite, got ${size}`);
    if (quantity !== "density-of-states") continue;
    if (size === "infinite" || size % 2 || size > largestCounted) {
      fail(`an even size up to ${largestCounted}, got ${size}`);
    }
  }
}

function thermodynamics(size: Params["size"], betas: readonly number[]) {
  const rows = betas.map((beta) => {
    const at = size === "infinite" ? onsager(beta) : torusThermodynamics(size, beta);
    return {
      beta,
      log_z: at.logZ,
      energy: at.energy,
      specific_heat: Number.isFinite(at.specificHeat) ? at.specificHeat : null,
      magnetization: size === "infinite" ? spontaneousMagnetization(beta) : null,
      entropy: at.entropy,
    };
  });
  return columnsOf(thermodynamicsColumns, rows);
}

function correlations(distance: number) {
  const axis = criticalAxis.map((g, dx) => ({ dy: 0, dx, g }));
  const diagonal = Array.from({ length: distance }, (_, i) => {
    return { dy: i + 1, dx: i + 1, g: criticalDiagonal(i + 1) };
  });
  return columnsOf(correlationsColumns, [...axis, ...diagonal]);
}

async function densityOfStatesTable(size: number) {
  const { densityOfStates } = await import("../lattice/exact/density-of-states.ts");
  const rows = densityOfStates(size).map(({ energy, states }) => {
    return { energy, states: String(states), log_states: logOf(states) };
  });
  return columnsOf(densityColumns, rows);
}

/** ln of an integer of any length, from its leading 53 bits. */
function logOf(states: bigint): number {
  const shift = Math.max(0, states.toString(2).length - 53);
  return log(Number(states >> BigInt(shift))) + shift * Math.LN2;
}
