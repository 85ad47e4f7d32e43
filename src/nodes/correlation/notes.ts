/** What the columns of `correlation` mean. */
import type { Notes, Typical } from "../../engine/node-type.ts";
import * as note from "../shared/notes.ts";

export const notes: Notes = {
  configurations: {
    spins: note.configurations.spins,
    beta: note.beta,
  },
  original: {
    beta: note.beta,
    dy: "Distance in rows, in sites.",
    dx: "Distance in columns, in sites.",
    g: "G(r) of the original.",
    g_se: "Its standard error.",
    left_out: "G(r) without each block of configurations.",
  },
  summary: {
    rho_g:
      "Mean over betas of 1 - sum |G - G_orig| / sum |G_orig|: less for loss and for excess alike.",
    rho_g_se: "Standard error of rho_g, from those of the betas.",
    g_ratio: "Mean over betas of sum G / sum G_orig: above 1 where images correlate more.",
    g_ratio_se: "Standard error of g_ratio, from those of the betas.",
    mean_c:
      "Mean of |C_ia| over pairs of a site and a unit (signs or numbers), averaged over betas.",
    mean_c_se: "Standard error of mean_c, from those of the betas.",
    max_c:
      "Mean over units, signs or numbers as given, of the largest |C_ia|, averaged over betas.",
    max_c_se: "Standard error of max_c, from those of the betas.",
    max_c_null:
      "max_c with the configurations shuffled, a mean over shuffles, averaged over betas.",
    max_c_null_se: "Standard error of max_c_null, from those of the betas.",
    max_c_excess:
      "Largest |correlation| of a unit with a spin, less what shuffling gives: a mean over units and betas.",
    max_c_excess_se: "Standard error of max_c_excess, from those of the betas.",
    mean_raw: "Mean of |<v_i h_a>| over pairs, averaged over betas.",
    mean_raw_se: "Standard error of mean_raw, from those of the betas.",
    max_raw: "Mean over units of the largest |<v_i h_a>| over sites, averaged over betas.",
    max_raw_se: "Standard error of max_raw, from those of the betas.",
    frozen_units: "Units that do not vary, counted over all betas.",
    configurations: "Number of configurations, over all betas.",
  },
  visible_hidden: {
    beta: note.beta,
    mean_c: "Mean of |C_ia| over pairs of a site and a unit (signs or numbers as given), 0 to 1.",
    mean_c_se: note.jackknife("mean_c"),
    max_c: "Mean over units, signs or numbers as given, of the largest |C_ia| over sites, 0 to 1.",
    max_c_se: note.jackknife("max_c"),
    max_c_null: "max_c with the configurations shuffled, a mean over shuffles.",
    max_c_null_se: "Standard error of max_c_null, over shuffles.",
    max_c_excess:
      "Largest |correlation| of a unit with a spin, less what shuffling gives: a mean over units.",
    max_c_excess_se: "Standard error of max_c_excess, from both.",
    mean_raw: "Mean of |<v_i h_a>| over pairs.",
    mean_raw_se: note.jackknife("mean_raw"),
    max_raw: "Mean over units of the largest |<v_i h_a>| over sites.",
    max_raw_se: note.jackknife("max_raw"),
    frozen_units: "Units that do not vary and are left out.",
    configurations: note.countOf,
    frozen_sites: "Sites that do not vary and are left out.",
  },
  by_distance: {
    beta: note.beta,
    distance: "Distance from the site where |C_ia| is largest, in sites.",
    sites: "Number of sites at this distance.",
    c: "C_ia there, turned to be positive at its largest: a mean over units and sites.",
    c_se: note.jackknife("c"),
    c_null: "The same with the configurations shuffled.",
  },
  retention: {
    beta: note.beta,
    lags: "Lags r that count: those where |G| of the original exceeds 4 errors.",
    rho_g:
      "1 - sum |G - G_orig| / sum |G_orig| over lags that count: 1 if images keep G, less for loss or excess; null without lags.",
    rho_g_se: note.jackknife("rho_g"),
    g_ratio:
      "sum G / sum G_orig over the lags that count, with signs: above 1 where images correlate more than originals.",
    g_ratio_se: note.jackknife("g_ratio"),
  },
  two_point: {
    beta: note.beta,
    dy: "Distance in rows, in sites.",
    dx: "Distance in columns, in sites.",
    g: "G(r) = <s(x) s(x + r)>, over sites and configurations, without a unit.",
    g_se: note.jackknife("g"),
    g_connected: "G(r) less the square of the mean spin.",
    g_connected_se: note.jackknife("g_connected"),
    configurations: note.countOf,
  },
  jackknife: {
    beta: note.beta,
    dy: "Distance in rows, in sites.",
    dx: "Distance in columns, in sites.",
    g: "G(r) = <s(x) s(x + r)>.",
    g_se: note.jackknife("g"),
    left_out: "G(r) without each block of configurations.",
    chains: "Digest of the chains, in their order.",
  },
  matrix: {
    beta: note.beta,
    unit: "Number of the unit of the code, from 0.",
    c: "C_ia with every site, -1 to 1, row-major; NaN where one does not vary.",
  },
};

export const typical: Typical = {
  params: {},
  inputs: { configurations: note.lattices, codes: note.coarse },
  depends:
    "Alone: two_point (main) and jackknife. With codes: summary, visible_hidden, by_distance, and matrix if asked for. With original: summary gains rho_g and g_ratio, and there are retention, two_point and jackknife.",
};
