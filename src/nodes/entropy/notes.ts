/** What the columns of `entropy` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    spins: note.configurations.spins,
    beta: note.beta,
  },
  by_beta: {
    beta: note.beta,
    estimator: "Which estimator: cond5, kikuchi3x3, ….",
    entropy: "Entropy per site, in nats, correction included.",
    entropy_se: note.jackknife("entropy"),
    block_entropy:
      "Entropy H_ab of a whole window, in nats; null for estimators of several windows.",
    correction: "What was added against the bias of few windows, in nats per site.",
    patterns: "Number of different patterns seen.",
    windows: "Number of windows looked at.",
    configurations: note.countOf,
  },
  bootstrap: {
    beta: note.beta,
    estimator: "Which estimator.",
    replicates: "Number of replicates: values of the collected axis.",
    entropy: "Mean over replicates of the entropy per site, in nats.",
    lo: "Lower end of the percentile interval.",
    hi: "Upper end of the percentile interval.",
    bootstrap_se: "Standard deviation of the resampled means, in nats.",
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices },
  depends: "`bootstrap` is there where the parameter of that name is given.",
};
