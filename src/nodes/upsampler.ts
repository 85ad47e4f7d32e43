/** Node type `upsampler`: coarse spins copied over their blocks, the image that needs no network. */
import {
  type Batch,
  type Columns,
  defineNode,
  type Input,
  Type,
  table,
} from "../engine/node-type.ts";
import type { SpinData } from "../lattice/systems/system.ts";
import { copyOverBlocks } from "../lattice/upsampling.ts";
import { anySpins, sideOf, spinsColumn, systemOf } from "./shared/lattice.ts";
import * as note from "./shared/notes.ts";

/** Columns that describe the coarse configuration only. */
const outdated = ["spins", "energy", "magnetization"];

export const upsampler = defineNode({
  type: "upsampler",
  version: 1,
  summary: "Makes lattices finer by copying each spin over a block: the baseline of all decoders.",
  details: `
Nearest-neighbour upsampling: site (y, x) of the fine lattice is site (floor(y/b), floor(x/b)) of the
coarse one, so a decimation with offset (0, 0) and factor b undoes it. Columns are carried over,
except \`energy\` and \`magnetization\`.`,
  notes: {
    configurations: {
      ...note.configurations,
    },
  },
  typical: {
    params: { factor: 2 },
    inputs: { configurations: note.coarse },
    depends:
      "The lattice grows by factor. Other columns are carried over, without energy and magnetization.",
  },
  params: Type.Object(
    {
      factor: Type.Integer({ default: 2, minimum: 2, description: "Sites a side of a block, b." }),
    },
    { additionalProperties: false },
  ),
  inputs: { configurations: table({ spins: anySpins }) },
  outputs: ({ factor }, types) => {
    const width = sideOf("configurations", types["configurations"]!) * factor;
    const kept = Object.entries(types["configurations"]!).filter(([name]) => isKept(name));
    const { layout } = systemOf("configurations", types["configurations"]!);
    const columns: Columns = {
      spins: spinsColumn(layout.item, width),
      ...Object.fromEntries(kept),
    };
    return { configurations: table(columns, { main: true }) };
  },
  maps: "configurations",
  figures: {
    samples: {
      title: "Configurations",
      text: "The first of each inverse temperature.",
      tiles: { column: "spins", rows: "beta", limit: 8 },
    },
  },

  async run({ params, inputs, signal }) {
    const { configurations } = inputs;
    const side = sideOf("configurations", configurations.schema);
    const { layout } = systemOf("configurations", configurations.schema);
    async function* finer(): AsyncGenerator<Batch> {
      for await (const { rows, columns } of (configurations as Input).chunks()) {
        signal.throwIfAborted();
        const coarse = layout.unpack(columns["spins"] as SpinData, side * side, 0, rows);
        const fine = layout.pack(copyOverBlocks(coarse, side, params.factor));
        const kept = Object.entries(columns).filter(([name]) => isKept(name));
        yield { ...Object.fromEntries(kept), spins: fine };
      }
    }
    return { configurations: finer() };
  },
});

function isKept(name: string): boolean {
  return !outdated.includes(name);
}
