/** What the columns of `order-parameter` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    beta: note.beta,
  },
  peak: {
    beta_peak: "Inverse temperature of the largest susceptibility; null without a peak.",
    beta_peak_se: note.jackknife("beta_peak"),
    temperature_peak: "1 / beta_peak, in units of J / k.",
    temperature_peak_se: "Standard error of temperature_peak, from that of beta_peak.",
    susceptibility_peak: "Susceptibility at the peak; null without one.",
    susceptibility_peak_se: note.jackknife("susceptibility_peak"),
    configurations: "Number of configurations, over all betas.",
  },
  by_beta: {
    beta: note.beta,
    configurations: note.countOf,
    mean: "Mean of the number z.",
    mean_se: note.jackknife("mean"),
    mean_abs: "Mean of |z|.",
    mean_abs_se: note.jackknife("mean_abs"),
    susceptibility: "N (<z^2> - <|z|>^2), without the factor beta.",
    susceptibility_se: note.jackknife("susceptibility"),
    binder: "Binder cumulant 1 - <z^4> / (3 <z^2>^2); null where z is 0.",
    binder_se: note.jackknife("binder"),
  },
};

export const typical: Typical = {
  params: { column: "magnetization", sites: 256, divide: 256 },
  inputs: { configurations: note.lattices },
  depends: "The columns are always these.",
};
