/** What the columns of `rg-map` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    ...note.configurations,
    beta: "Inverse temperature of the finer lattice.",
  },
  rows: {
    beta: note.beta,
  },
  map: {
    beta: "Inverse temperature of the finer lattice, J / (k T).",
    beta_prime: "Inverse temperature beta-prime of the coarse lattice, J / (k T).",
    beta_prime_se: "Standard error of beta_prime; 0 for closed maps.",
    scale: "Factor b by which lengths shrink, over all steps; null where an energy is matched.",
    energy:
      "Mean energy per site of the coarse configurations, in units of J; null for closed maps.",
    energy_se: note.jackknife("energy"),
  },
  targets: {
    values: "beta_prime at the row's beta, one number.",
    beta: "Inverse temperature of the row.",
    chain: note.chain,
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.coarse },
  depends:
    "`targets` is there where rows or configurations are connected, with `chain` if they have it.",
};
