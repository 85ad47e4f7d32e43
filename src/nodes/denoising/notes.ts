/** What the columns of `denoising` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    spins: note.configurations.spins,
    beta: note.beta,
  },
  original: {
    spins: note.configurations.spins,
    beta: note.beta,
  },
  summary: {
    entropy_change:
      "Entropy per site of the images less that of the originals, signed, in nats, a mean over betas.",
    entropy_change_se: "Standard error of entropy_change, from those of the betas.",
    isolated_change:
      "Signed change of the share of spins whose four neighbours all disagree, a mean over betas.",
    isolated_change_se: "Standard error of isolated_change, from those of the betas.",
    walls_change:
      "Signed change of the share of unequal neighbours (domain walls), a mean over betas.",
    walls_change_se: "Standard error of walls_change, from those of the betas.",
    energy_bias:
      "Signed change of the energy per site, in J: four times walls_change, a mean over betas.",
    energy_bias_se: "Standard error of energy_bias, from those of the betas.",
    configurations: "Number of images, over all betas.",
  },
  by_beta: {
    beta: note.beta,
    entropy_change: "Entropy per site of the images less that of the originals, signed, in nats.",
    entropy_change_se: note.jackknife("entropy_change"),
    isolated_change: "Signed change of the share of spins whose four neighbours all disagree.",
    isolated_change_se: note.jackknife("isolated_change"),
    walls_change: "Signed change of the share of unequal neighbours (domain walls).",
    walls_change_se: note.jackknife("walls_change"),
    energy_bias: "Signed change of the energy per site, in units of J: four times walls_change.",
    energy_bias_se: note.jackknife("energy_bias"),
    xi_ratio: "xi / xi_original; null where either is.",
    xi_ratio_se: note.jackknife("xi_ratio"),
    entropy: "Entropy per site of the images, in nats.",
    entropy_original: "Entropy per site of the originals, in nats.",
    isolated: "Share of spins of the images whose four neighbours all disagree.",
    isolated_original: "The same of the originals.",
    walls: "Share of unequal neighbours in the images.",
    walls_original: "The same of the originals.",
    xi: "Second-moment correlation length of the images, in sites of their lattice.",
    xi_original: "The same of the originals, in sites of theirs.",
    windows: "Windows that the entropy of the images is from.",
    windows_original: "Windows that the entropy of the originals is from.",
    configurations: "Number of images.",
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices, original: note.lattices },
  depends: "The columns are always these.",
};
