/** What the columns of `reconstruction` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

/** The measures have the same names in both tables: over all betas, and by beta. */
const measures = (over: string) => ({
  mse: `Mean square of image - spin (f - s) over sites and configurations${over}; from codes as they are, real or not.`,
  mse_se: note.jackknife("mse"),
  accuracy: `Share of sites${over} where the image has the sign of the spin (sign f = s), 0 to 1; from codes as they are.`,
  accuracy_se: note.jackknife("accuracy"),
  overlap: `Mean over configurations${over} of |q|, q the mean of s sign f over sites: blind to a flip.`,
  overlap_se: note.jackknife("overlap"),
  z2_defect: `Mean of |f(s) + f(-s)| / 2${over}; 0 where the model respects the flip of all spins.`,
  z2_defect_se: note.jackknife("z2_defect"),
  overlap_baseline: "Overlap of random signs, sqrt(2 / (pi N)).",
  constant_mse: "mse of predicting each configuration's mean spin everywhere.",
  constant_accuracy: "accuracy of that prediction.",
  nearest_mse:
    "mse of copying one spin of each block over it, at as many units as the code; null where no block fits.",
  nearest_accuracy: "accuracy of that copy; null where no block fits.",
});

export const notes: Notes = {
  configurations: {
    spins: note.configurations.spins,
    beta: note.beta,
  },
  model: {
    ...note.model,
  },
  summary: {
    configurations: "Number of configurations, over all betas; they count equally.",
    ...measures(" of all betas"),
  },
  by_beta: {
    beta: note.beta,
    configurations: note.countOf,
    ...measures(""),
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices, model: note.autoencoder },
  depends: "The columns are always these.",
};
