/**
 * The node types that ship, and the constants of their fields. Adding a node type is a file beside this
 * and a line here.
 */
import type { AnyNodeType } from "../engine/node-type.ts";
import { criticalBeta } from "../lattice/exact/plane.ts";
import { blockFilter } from "./block-filter.ts";
import { blockSpinsNode } from "./block-spins.ts";
import { chainDiagnostics } from "./chain-diagnostics/index.ts";
import { codeInformation } from "./code-information/index.ts";
import { command } from "./command/index.ts";
import { compression } from "./compression.ts";
import { correlation } from "./correlation/index.ts";
import { couplings } from "./couplings/index.ts";
import { crossingNode } from "./crossing.ts";
import { decimator } from "./decimator.ts";
import { denoising } from "./denoising/index.ts";
import { ensembleControl } from "./ensemble-control.ts";
import { entropy } from "./entropy/index.ts";
import { finiteSizeFit } from "./finite-size-fit.ts";
import { flow } from "./flow.ts";
import { importNode } from "./import/index.ts";
import { isingExact } from "./ising-exact.ts";
import { mcrg } from "./mcrg/index.ts";
import { modelApply } from "./model-apply.ts";
import { modelTrainer } from "./model-trainer/index.ts";
import { orderParameter } from "./order-parameter/index.ts";
import { pca } from "./pca.ts";
import { rateDistortion } from "./rate-distortion/index.ts";
import { rbmTrainer } from "./rbm-trainer.ts";
import { reconstruction } from "./reconstruction/index.ts";
import { rgMap } from "./rg-map/index.ts";
import { rsmiTrainer } from "./rsmi-trainer/index.ts";
import { samplers } from "./sampler.ts";
import { thermodynamicIntegration } from "./thermodynamic-integration/index.ts";
import { thermometer } from "./thermometer/index.ts";
import { upsampler } from "./upsampler.ts";
import { verdict } from "./verdict/index.ts";
import { weights } from "./weights/index.ts";

/** What a range may call by name: `also: [critical]`. */
export const constants = { critical: criticalBeta };

export const nodeTypes: readonly AnyNodeType[] = [
  ...samplers,
  isingExact,
  chainDiagnostics,
  ensembleControl,
  importNode,
  decimator,
  upsampler,
  rgMap,
  mcrg,
  couplings,
  modelTrainer,
  pca,
  rbmTrainer,
  rsmiTrainer,
  blockFilter,
  blockSpinsNode,
  modelApply,
  flow,
  thermometer,
  orderParameter,
  finiteSizeFit,
  crossingNode,
  correlation,
  entropy,
  thermodynamicIntegration,
  denoising,
  compression,
  weights,
  reconstruction,
  rateDistortion,
  codeInformation,
  verdict,
  command,
];
