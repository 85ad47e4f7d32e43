/** What the columns of `chain-diagnostics` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    ...note.configurations,
  },
  diagnostics: {
    beta: note.beta,
    acceptance: "Share of attempted local updates that changed a spin.",
    mean_cluster: "Sites per cluster.",
  },
  by_beta: {
    beta: note.beta,
    samples: "Configurations, over all chains.",
    chains: "Number of chains.",
    energy: "Mean energy per site, in units of J.",
    energy_se: "Standard error of energy, autocorrelation counted.",
    energy_exact: "Exact energy per site of the torus, in units of J; null without `exact`.",
    z: "(energy - energy_exact) / energy_se; null without `exact`.",
    tau_energy: "Integrated autocorrelation time of the energy, in samples.",
    tau_abs_m: "That of |m|, in samples.",
    tau_m: "That of m, symmetrize undone, in samples; null where m alternates.",
    effective_samples: "Independent samples that they are worth: the least of energy and |m|.",
    acceptance:
      "Mean over chains of the share of local updates that changed a spin; null without `diagnostics`.",
    mean_cluster: "Mean over chains of the sites per cluster; null without `diagnostics`.",
  },
  pooled: {
    betas: "Number of betas with a z.",
    z_mean: "By how many sigmas energies lie off the exact ones, one way: z, a mean over betas.",
    z_pooled: "Sum of z over the root of their number; standard normal if the sampler is right.",
    z_p: "Two-sided p value of z_pooled.",
    chi2: "Mean over betas of z squared, z the sigmas off the exact energy: 1 on average if the sampler is right.",
    chi2_p: "p value of as large a sum of squares.",
  },
  quantities: {
    beta: note.beta,
    quantity: "energy, abs_m (|m|) or m, each per site.",
    mean: "Mean of the quantity per site; energies in units of J.",
    mean_se: "Standard error of mean, autocorrelation counted.",
    error_from: "What mean_se is from: tau, chains (their means) or none.",
    tau: "Integrated autocorrelation time, in samples; a lower bound if not resolved; null if alternating.",
    tau_se: "Standard error of tau.",
    window: "Lags summed, W, in samples.",
    resolved: "Whether the chains are longer than the window.",
    effective_samples:
      "Independent samples that they are worth, n / (2 tau); n where there is no tau.",
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices },
  depends: "The columns are always these.",
};
