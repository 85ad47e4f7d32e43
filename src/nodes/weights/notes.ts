/** What the columns of `weights` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  model: {
    ...note.model,
  },
  summary: {
    layer: "Name of the layer.",
    units: "Units of the layer: rows of W.",
    inputs: "Inputs of a unit: columns of W.",
    hoyer: "Hoyer sparsity of |w| of the whole matrix: 0 even, 1 a single weight.",
    hoyer_gaussian: "The same of Gaussian weights.",
    gini: "Gini index of |w| of the whole matrix: 0 even, towards 1 sparse.",
    gini_gaussian: "The same of Gaussian weights.",
    participation_ratio: "Inputs that a unit looks at, (sum w^2)^2 / sum w^4: a mean over units.",
    participation_ratio_gaussian: "The same of Gaussian weights: a third of the inputs.",
    l0: "Share of weights with |w| below epsilon times the unit's largest: a mean over units.",
    gyration_radius:
      "Radius of w^2 about the unit's centre, in sites: a mean over units; null without a square lattice.",
    gyration_radius_uniform: "The same of evenly spread weights, L / sqrt 6, in sites.",
    block_share:
      "Share of w^2 in the block of the unit's own index: a mean over units; null where units are not blocks.",
    block_share_uniform: "The same of evenly spread weights, b^2 / n.",
    block_share_matched:
      "Share of w^2 in the blocks that fit the units best, one each: a mean over units.",
    block_share_null: "block_share_matched with the weights shuffled over the sites: its baseline.",
    zero_units: "Units without weights, which the means leave out.",
  },
  units: {
    layer: "Name of the layer.",
    unit: "Number of the unit, from 0.",
    norm: "Length of its weights, sqrt(sum w^2).",
    hoyer: "Hoyer sparsity of its |w|: 0 even, 1 a single weight.",
    gini: "Gini index of its |w|: 0 even, towards 1 sparse.",
    participation_ratio: "Inputs that it looks at, (sum w^2)^2 / sum w^4.",
    l0: "Share of its weights with |w| below epsilon times the largest.",
    gyration_radius: "Radius of w^2 about its centre, in sites; null without a square lattice.",
    block_share: "Share of w^2 in the block of its own index; null where units are not blocks.",
    block_share_matched: "Share of w^2 in the block that it is assigned to.",
  },
  distance: {
    layer: "Name of the layer.",
    distance: "Distance from the unit's largest |w|, in sites.",
    sites: "Number of sites at this distance.",
    share: "Share of w^2 at this distance: a mean over units.",
    share_uniform: "The same of evenly spread weights.",
  },
};

export const typical: Typical = {
  params: {},
  inputs: { model: note.autoencoder },
  depends: "The columns are always these; rows go by layer.",
};
