/** The node types that ship. Adding one is a file beside this and a line here. */
import type { AnyNodeType } from "../engine/node-type.ts";
import { command } from "./command.ts";
import { correlation } from "./correlation.ts";
import { decimator } from "./decimator.ts";
import { entropy } from "./entropy.ts";
import { isingSampler } from "./ising-sampler.ts";
import { modelApply } from "./model-apply.ts";
import { modelTrainer } from "./model-trainer.ts";
import { reconstruction } from "./reconstruction.ts";
import { verdict } from "./verdict.ts";
import { weights } from "./weights.ts";

export const nodeTypes: readonly AnyNodeType[] = [
  isingSampler,
  decimator,
  modelTrainer,
  modelApply,
  correlation,
  entropy,
  weights,
  reconstruction,
  verdict,
  command,
];
