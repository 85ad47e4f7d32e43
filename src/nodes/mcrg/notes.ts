/** What the columns of `mcrg` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    spins: note.configurations.spins,
    beta: note.beta,
  },
  coarse: {
    spins: "The coarse spins, row-major; a set bit is +1.",
  },
  model: note.model,
  exponents: {
    beta: note.beta,
    step: "Renormalization steps so far, from 1.",
    size: "Sites a side of the lattice after the step.",
    exponent: "y_t (even operators; exactly 1) or y_h (odd ones; exactly 15/8).",
    couplings: "How many operators were used, the first ones of the list.",
    y: "The exponent, ln lambda / ln b; null where there is no single real largest eigenvalue.",
    y_se: note.jackknife("y"),
    eigenvalue: "The largest eigenvalue lambda; null where there is no single real one.",
    configurations: note.countOf,
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices },
  depends: "The columns are always these; rows go by beta, step, exponent and couplings.",
};
