/** What the columns of `thermodynamic-integration` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    spins: note.configurations.spins,
    beta: note.beta,
    energy: note.configurations.energy,
  },
  by_beta: {
    beta: note.beta,
    entropy: "Entropy per site, in nats, by integration from beta = 0.",
    entropy_se: note.jackknife("entropy"),
    entropy_exact: "Exact entropy per site of the torus, in nats.",
    entropy_z: "(entropy - entropy_exact) / entropy_se; null without an error.",
    energy: "Mean energy per site, in units of J.",
    energy_se: note.jackknife("energy"),
    energy_exact: "Exact energy per site of the torus, in units of J.",
    configurations: note.countOf,
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices },
  depends: "The columns are always these.",
};
