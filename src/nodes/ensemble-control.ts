/** Node type `ensemble-control`: what configurations look like without their correlations. */
import {
  type Batch,
  bits,
  type Columns,
  type Context,
  defineNode,
  type Port,
  Seed,
  type Static,
  Type,
  table,
} from "../engine/node-type.ts";
import { controls } from "../lattice/controls.ts";
import { sideOf, systemOf } from "./shared/lattice.ts";
import * as note from "./shared/notes.ts";

type Kind = keyof typeof controls;

const params = Type.Object(
  {
    kind: Type.Unsafe<Kind>({
      enum: Object.keys(controls),
      description:
        "infinite-temperature: independent fair spins; shuffled-sites: the same spins in random " +
        "places; mean-field: independent spins of the configuration's mean; global-flip: all " +
        "spins reversed.",
    }),
    seed: Seed({ default: 1, description: "Seed of the shuffles and draws." }),
  },
  { additionalProperties: false },
);
type Params = Static<typeof params>;

const inputs = { configurations: table({ spins: bits("*") }) };

export const ensembleControl = defineNode({
  type: "ensemble-control",
  version: 1,
  summary: "Control ensembles: configurations that keep one property and lose the rest.",
  details: `
Row i of the output is made from row i of the input alone:

- infinite-temperature: every spin +1 or -1 with equal chance, as at beta = 0.
- shuffled-sites: the spins of the configuration in random places. The magnetization is kept
  exactly; <s s'> = (N m^2 - 1) / (N - 1) between any two sites.
- mean-field: every spin is +1 with probability (1 + m) / 2 on its own, m the magnetization per site
  of the configuration. So <s s'> is the input's mean of m^2 at every distance, and the
  distribution of the magnetization is that of the input widened by the binomial's (1 - m^2) / N.
- global-flip: all spins reversed, under which everything even is the same.

All columns are carried over, so \`beta\` is that of the configuration that a row was made from, and
\`chain\` too: a control of training data counts as training data. \`energy\` and \`magnetization\`
are measured anew. global-flip turns \`sign\`, so that sign * magnetization is still what the chain
had. Random numbers come from the seed and the configuration (its spins and, if there are such
columns, its \`chain\` and \`time\`).`,
  notes: {
    configurations: {
      ...note.configurations,
      energy: "Total energy E in units of J, measured anew.",
      magnetization: "Total magnetization, measured anew.",
    },
  },
  typical: {
    params: { kind: "shuffled-sites" },
    inputs: { configurations: note.lattices },
    depends: "The columns are those of the configurations.",
  },
  params,
  inputs,
  outputs: (_: Params, { configurations = {} }): { configurations: Port } => {
    checkSquare(configurations);
    return { configurations: table(configurations, { main: true }) };
  },
  maps: "configurations",
  async run(context) {
    return { configurations: controlled(context) };
  },
});

/** Energies are remeasured, which takes a square lattice; other spins may have any number. */
function checkSquare(schema: Columns): void {
  if ("energy" in schema || "magnetization" in schema) sideOf("configurations", schema);
}

async function* controlled(
  context: Context<Params, typeof inputs>,
): AsyncGenerator<Batch, void, undefined> {
  const { params, inputs, random, signal } = context;
  const { packSpins, unpackSpins } = await import("../lattice/spins.ts");
  const { schema } = inputs.configurations;
  const { size: sites } = schema["spins"] as { size: number };
  const control = controls[params.kind];
  const names = ["chain", "time"].filter((name) => name in schema);
  for await (const { rows, columns } of inputs.configurations.chunks()) {
    signal.throwIfAborted();
    const cells: Readonly<Record<string, Batch[string]>> = columns;
    const spins = unpackSpins(columns.spins, sites, 0, rows);
    const made = new Int8Array(spins.length);
    for (let row = 0; row < rows; row++) {
      const [from, to] = [row * sites, (row + 1) * sites];
      const one = spins.subarray(from, to);
      control(one, made.subarray(from, to), () =>
        random(
          params.kind,
          Buffer.from(packSpins(one)).toString("base64"),
          ...names.map((name) => cells[name]![row] as number | string),
        ),
      );
    }
    const packed = packSpins(made);
    const batch: Record<string, Batch[string]> = { ...cells, spins: packed };
    if ("energy" in schema || "magnetization" in schema) {
      const { measure } = systemOf("configurations", schema);
      const totals = measure(packed, sideOf("configurations", schema), rows);
      for (const name of ["energy", "magnetization"] as const) {
        if (name in schema) batch[name] = totals[name] as Int32Array;
      }
    }
    if (params.kind === "global-flip" && "sign" in schema) {
      batch["sign"] = Array.from(cells["sign"] as ArrayLike<number>, (sign) => -sign);
    }
    yield batch;
  }
}
