/**
 * Trains a restricted Boltzmann machine by contrastive divergence. Does not know where the data come
 * from, nor where models are kept.
 */
import type { Generator } from "../../random/generator.ts";
import {
  type Boltzmann,
  drawSpins,
  freeEnergies,
  gibbs,
  hiddenMeans,
  type Moments,
  momentsOf,
  visibleMeans,
} from "../boltzmann.ts";
import { Diverged, Misfit } from "../misfit.ts";
import type { Rows } from "../rows.ts";
import { initialState, type OptimizerSpec, type OptimizerState, step } from "./optimizer.ts";
import { addPenaltyGradient, type Penalty } from "./penalty.ts";

export interface BoltzmannOptions {
  readonly units: number;
  /** Standard deviation of the initial weights; biases start at 0. */
  readonly deviation: number;
  /** If false, all biases stay 0, and the machine has the symmetry v -> -v, h -> -h. */
  readonly biases: boolean;
  /** Gibbs steps between data and model: k of CD-k. */
  readonly steps: number;
  /** The model's chains go on from batch to batch (PCD: Tieleman, ICML 2008). */
  readonly persistent: boolean;
  readonly penalty: Penalty;
  readonly optimizer: OptimizerSpec;
  readonly batch: number;
  readonly epochs: number;
  /** Spins. */
  readonly data: Rows;
  readonly validation?: Rows | undefined;
  /** Purposes "initialization", "chains", and "batches" and "gibbs" with the epoch's number. */
  random(purpose: string, ...parts: readonly number[]): Generator;
  onEpoch?(record: BoltzmannRecord): void;
  /** Awaited every few steps, so that other work gets a turn; throws to abort. */
  pause?(): Promise<void>;
}

/** After an epoch; epoch 0 is before training. */
export interface BoltzmannRecord {
  readonly epoch: number;
  /** Mean square of v - <v|<h|v>> over the data. */
  readonly reconstruction: number;
  /** Means of F(v) per visible spin; their difference grows when the machine memorizes its data. */
  readonly freeEnergy: number;
  readonly validationFreeEnergy: number | null;
}

/** Throws a Misfit if the batch has more rows than the data, a RangeError if the weights diverge. */
export async function trainBoltzmann(options: BoltzmannOptions): Promise<{
  readonly machine: Boltzmann;
  readonly history: readonly BoltzmannRecord[];
}> {
  const { data, batch, epochs, optimizer, units } = options;
  if (epochs > 0 && batch > data.rows) {
    const message = `${batch} is more than the rows of the data, ${data.rows}`;
    throw new Misfit("param", "batch", message);
  }
  const initial = options.random("initialization");
  const machine: Boltzmann = {
    visible: data.width,
    hidden: units,
    weights: new Float32Array(units * data.width).map(() => options.deviation * initial.normal()),
    hiddenBias: new Float32Array(units),
    visibleBias: new Float32Array(data.width),
  };
  const state = initialState(
    optimizer,
    parametersOf(machine, options).map((array) => array.length),
  );
  let chains = drawSpins(new Float32Array(batch * data.width), options.random("chains"));
  const history: BoltzmannRecord[] = [];
  for (let epoch = 0; epoch <= epochs; epoch++) {
    if (epoch > 0) chains = await trainEpoch(options, machine, state, chains, epoch);
    const record = recordOf(options, machine, epoch);
    if (!Number.isFinite(record.freeEnergy)) {
      const found = `in epoch ${epoch} the free energy is ${record.freeEnergy}`;
      throw new Diverged(`the training diverged: ${found}; a lower learning rate may help`);
    }
    history.push(record);
    options.onEpoch?.(record);
  }
  return { machine, history };
}

/** One pass over the data in a new order; returns the model's chains. */
async function trainEpoch(
  options: BoltzmannOptions,
  machine: Boltzmann,
  state: OptimizerState,
  chains: Float32Array,
  epoch: number,
): Promise<Float32Array> {
  const { data, batch, optimizer } = options;
  const order = options
    .random("batches", epoch)
    .shuffle(Uint32Array.from({ length: data.rows }, (_, i) => i));
  const random = options.random("gibbs", epoch);
  const parameters = parametersOf(machine, options);
  let model = chains;
  for (let i = 0; i < Math.floor(data.rows / batch); i++) {
    const v = new Float32Array(batch * data.width);
    for (let row = 0; row < batch; row++) {
      data.copy(order[i * batch + row]!, v, row * data.width);
    }
    const result = gradients(options, machine, v, model, random);
    model = result.model;
    step(optimizer, state, parameters, result.gradients);
    if (i % 64 === 63) await options.pause?.();
  }
  await options.pause?.();
  return model;
}

/**
 * The gradient of -ln p(v) over the batch. Means after some Gibbs steps, which start from the batch or
 * from the persistent chains, replace the model's means. Hidden spins enter by their means, except
 * where the chains sample them.
 */
function gradients(
  { steps, persistent, penalty, biases }: BoltzmannOptions,
  machine: Boltzmann,
  v: Float32Array,
  chains: Float32Array,
  random: Generator,
) {
  const data = momentsOf(machine, v, hiddenMeans(machine, v));
  const model = gibbs(machine, persistent ? chains : v, steps, random);
  const negative = momentsOf(machine, model, hiddenMeans(machine, model));
  const product = difference(negative, data, "product");
  addPenaltyGradient(product, machine.weights, penalty);
  const others = [difference(negative, data, "hidden"), difference(negative, data, "visible")];
  return { model, gradients: biases ? [product, ...others] : [product] };
}

function difference(model: Moments, data: Moments, name: keyof Moments): Float32Array {
  return model[name].map((value, i) => value - data[name][i]!);
}

function parametersOf(machine: Boltzmann, { biases }: BoltzmannOptions): readonly Float32Array[] {
  const { weights, hiddenBias, visibleBias } = machine;
  return biases ? [weights, hiddenBias, visibleBias] : [weights];
}

/** Rows held as numbers at once. */
const windowRows = 1024;

function recordOf(options: BoltzmannOptions, machine: Boltzmann, epoch: number): BoltzmannRecord {
  const { data, validation } = options;
  const { reconstruction, freeEnergy } = evaluate(machine, data);
  return {
    epoch,
    reconstruction,
    freeEnergy,
    validationFreeEnergy: validation ? evaluate(machine, validation).freeEnergy : null,
  };
}

function evaluate(machine: Boltzmann, rows: Rows) {
  let [squares, energy] = [0, 0];
  for (let start = 0; start < rows.rows; start += windowRows) {
    const count = Math.min(windowRows, rows.rows - start);
    const v = new Float32Array(count * rows.width);
    for (let row = 0; row < count; row++) rows.copy(start + row, v, row * rows.width);
    const image = visibleMeans(machine, hiddenMeans(machine, v));
    for (let i = 0; i < v.length; i++) squares += (v[i]! - image[i]!) * (v[i]! - image[i]!);
    for (const value of freeEnergies(machine, v)) energy += value;
  }
  const count = rows.rows * rows.width;
  return { reconstruction: squares / count, freeEnergy: energy / count };
}
