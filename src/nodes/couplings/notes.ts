/** What the columns of `couplings` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: { spins: note.configurations.spins, beta: note.beta },
  couplings: {
    beta: note.beta,
    coupling: "The operator that the coupling belongs to, as in mcrg.",
    spins: "Spins in each of its products: 2 or 4.",
    distance: "Distance of the two spins, in sites; null for products of four.",
    partners: "Products that a site takes part in.",
    value:
      "The coupling K, in units of k T: for sampled Ising lattices beta, and 0 beyond neighbours.",
    value_se: note.jackknife("value"),
    configurations: note.countOf,
  },
  summary: {
    beta: note.beta,
    nearest: "K of nearest neighbours.",
    nearest_se: note.jackknife("nearest"),
    beyond:
      "Share of pair couplings beyond nearest neighbours: sum of partners |K|, noise included.",
    beyond_se: note.jackknife("beyond"),
    range:
      "Root mean square distance of pair couplings, weighed by partners |K|; 1: neighbours only.",
    range_se: note.jackknife("range"),
    four_spin: "Sum of partners |K| of products of four over that of pairs.",
    four_spin_se: note.jackknife("four_spin"),
    log_likelihood: "Mean of ln P(spin | all others) at the fit, in nats a site; 0 is certainty.",
    configurations: note.countOf,
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices },
  depends: "The columns are always these; rows go by beta, and by coupling.",
};
