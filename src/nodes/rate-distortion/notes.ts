/** What the columns of `rate-distortion` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    spins: note.configurations.spins,
    beta: note.beta,
  },
  model: {
    ...note.model,
  },
  summary: {
    units: "Units of the code.",
    rate: "Bits of code per site, units / sites.",
    rate_coded:
      "Bits of code per site after compression, rate times compressed size: a mean over betas.",
    rate_coded_se: "Standard error of rate_coded, from those of the betas.",
    mse: "Mean square of image - spin, decoded from one bit a unit, a mean over betas.",
    mse_se: "Standard error of mse, from those of the betas.",
    accuracy: "Share of sites where sign f = s, decoded from one bit a unit, a mean over betas.",
    accuracy_se: "Standard error of accuracy, from those of the betas.",
    mse_real:
      "mse decoded from the real codes as they are, whatever their rate, a mean over betas.",
    mse_real_se: "Standard error of mse_real, from those of the betas.",
    accuracy_real: "accuracy decoded from the real codes as they are, a mean over betas.",
    accuracy_real_se: "Standard error of accuracy_real, from those of the betas.",
    nearest_mse:
      "mse of copying one spin of each block over it, at the same rate, a mean over betas; null where no block fits.",
    nearest_accuracy: "accuracy of that copy, a mean over betas; null where no block fits.",
    configurations: "Number of configurations, over all betas.",
  },
  by_beta: {
    beta: note.beta,
    units: "Units of the code.",
    rate: "Bits of code per site, units / sites.",
    rate_coded: "Bits of code per site after compression, rate times compressed size.",
    rate_coded_se: "Standard error of rate_coded, from the sizes of blocks.",
    mse: "Mean square of image - spin, decoded from one bit a unit.",
    mse_se: note.jackknife("mse"),
    accuracy: "Share of sites where sign f = s, decoded from one bit a unit.",
    accuracy_se: note.jackknife("accuracy"),
    mse_real: "mse decoded from the real codes as they are, whatever their rate.",
    mse_real_se: note.jackknife("mse_real"),
    accuracy_real: "accuracy decoded from the real codes as they are.",
    accuracy_real_se: note.jackknife("accuracy_real"),
    nearest_mse:
      "mse of copying one spin of each block over it, at the same rate; null where no block fits.",
    nearest_accuracy: "accuracy of that copy; null where no block fits.",
    configurations: note.countOf,
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices, model: note.autoencoder },
  depends: "The columns are always these.",
};
