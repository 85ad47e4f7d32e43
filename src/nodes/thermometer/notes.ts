/** What the columns of `thermometer` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    beta: note.beta,
  },
  model: {
    ...note.model,
  },
  map: {
    beta: "Inverse temperature of the finer lattice.",
    beta_prime: "What is to be read at beta.",
  },
  summary: {
    step: "Step of a flow, where the configurations have one.",
    estimator: "network (the model) or energy (maximum likelihood from the energy).",
    configurations: "Number of configurations, over all betas; they count equally.",
    rmse: "Root mean square of reading - target, in units of beta.",
    rmse_se: note.jackknife("rmse"),
    mean_bias: "Mean of reading - target over configurations, with its sign; in units of beta.",
    mean_bias_se: note.jackknife("mean_bias"),
    mean_abs_bias:
      "Mean of |bias| of the betas, so noise makes it larger than 0; in units of beta.",
    mean_abs_bias_se: note.jackknife("mean_abs_bias"),
    mean_spread:
      "Mean of the spread of the betas, each configuration the same weight; in units of beta.",
    mean_spread_se: note.jackknife("mean_spread"),
    cramer_rao:
      "Root mean square over betas of the bound, in units of beta; null where there is none.",
    ratio: "Root mean square over betas of rmse / cramer_rao: 1 at the bound.",
    ratio_se: note.jackknife("ratio"),
    outside: "Share of configurations whose reading lies outside of `prior`.",
  },
  by_beta: {
    step: "Step of a flow, where the configurations have one.",
    estimator: "network (the model) or energy (maximum likelihood from the energy).",
    configurations: note.countOf,
    beta: note.beta,
    target: "What should be read: beta, or beta_prime of the map.",
    estimate: "Mean reading, in units of beta.",
    bias: "Mean of reading - target, in units of beta, with its sign.",
    bias_se: note.jackknife("bias"),
    spread: "Standard deviation of reading - target, in units of beta.",
    spread_se: note.jackknife("spread"),
    rmse: "Root mean square of reading - target, in units of beta.",
    rmse_se: note.jackknife("rmse"),
    cramer_rao:
      "Smallest spread of an unbiased reading, 1 / sqrt(Var E), exact; in units of beta; null where there is none.",
    response:
      "Slope of the mean reading with beta, -cov(reading, E): 1 where the bias is constant.",
    response_se: note.jackknife("response"),
    least_spread: "Smallest spread of any reading with that response, |response| cramer_rao.",
    exact_bias:
      "Bias of the energy estimator at equilibrium, exact; null for others, and large tori.",
    exact_spread: "Its spread, exact; in units of beta.",
    outside: "Share of configurations whose reading lies outside of `prior`.",
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices, model: note.reader },
  depends: "Both have a column `step` where the configurations do.",
};
