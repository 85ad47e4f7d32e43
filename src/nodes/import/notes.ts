/** What the columns of `import` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    ...note.configurations,
    chain: "Id of the chain, from the file; else made of its content, the beta and the block.",
    time: "Number within the chain, from the file; else counted.",
    energy: "Total energy E in units of J, measured.",
    magnetization: "Total magnetization: the sum of the spins, measured.",
    sign: "1 for every row.",
  },
};

export const typical: Typical = {
  params: { file: "spins.npy", format: "npy", size: 16, beta: 0.44 },
  depends: "The shape of `spins` is size x size.",
};
