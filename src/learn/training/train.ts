/**
 * The training loop. The order of batches in an epoch depends on the epoch's number alone, so that
 * continuing from a state gives the same bytes as training from scratch. Does not know where the data
 * come from, nor where models are kept.
 */
import type { Generator } from "../../random/generator.ts";
import type { Backend, Trainee } from "../backend/contract.ts";
import { type Examples, evaluate } from "../evaluate.ts";
import { encode } from "../layers/forward.ts";
import { Diverged, Misfit } from "../misfit.ts";
import { copyLayers, type Layer, type Loss, parametersOf } from "../model.ts";
import { initialState, type OptimizerSpec, type OptimizerState } from "./optimizer.ts";
import { type Penalty, penaltyOf } from "./penalty.ts";

export interface TrainingOptions {
  readonly backend: Backend;
  /** The network before the first epoch. Frozen layers stay as they are. */
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  /** Penalties on the kernels of these layers, by name. */
  readonly penalties: ReadonlyMap<string, Penalty>;
  readonly optimizer: OptimizerSpec;
  /** Rows in a batch. An epoch skips the rows that do not fill a last batch. */
  readonly batch: number;
  /** All epochs, including those of `state`. */
  readonly epochs: number;
  readonly data: Examples;
  readonly validation?: Examples | undefined;
  /**
   * Stops after `patience` epochs in a row without a validation loss below the best one minus
   * `min_delta`; the result is then the network of the best epoch.
   */
  readonly earlyStopping?: { readonly patience: number; readonly min_delta: number } | undefined;
  /** Purpose "batches", with the epoch's number. */
  random(purpose: string, ...parts: readonly number[]): Generator;
  readonly state?: TrainingState | undefined;
  onEpoch?(record: EpochRecord): void;
  /** Awaited after every epoch, with the result that training would have if it stopped here. */
  afterEpoch?(epoch: number, training: () => Training): Promise<void>;
  /** Awaited every few steps, so that other work gets a turn; throws to abort. */
  pause?(): Promise<void>;
}

/** What the next epochs depend on, besides the options. */
export interface TrainingState {
  readonly epoch: number;
  readonly layers: readonly Layer[];
  readonly optimizer: OptimizerState;
  /** With early stopping: the network of the epoch with the lowest validation loss so far. */
  readonly best?: {
    readonly epoch: number;
    readonly loss: number;
    readonly layers: readonly Layer[];
  };
}

interface EpochRecord {
  /** 0 is before training. */
  readonly epoch: number;
  /** Mean over the epoch's batches at the time of their step, without penalties. */
  readonly loss: number;
  /** Sum of the penalties at the end of the epoch. */
  readonly penalty: number;
  /** At the end of the epoch. */
  readonly validationLoss: number | null;
}

export interface Training {
  readonly layers: readonly Layer[];
  /** The epochs after those of `options.state`. */
  readonly history: readonly EpochRecord[];
  readonly state: TrainingState;
}

/**
 * Trains. Throws a Misfit if the batch has more rows than the data or if there is nothing to train
 * although `epochs` > 0, and a RangeError when the loss is no longer a number.
 */
export async function train(options: TrainingOptions): Promise<Training> {
  const { backend, earlyStopping, epochs, loss } = options;
  const work = prepare(options);
  const history: EpochRecord[] = [];
  let { epoch, best } = options.state ?? { epoch: -1, best: undefined };
  const training = (): Training => {
    const layers = work.all();
    const state = { epoch, layers, optimizer: work.optimizer, ...(best ? { best } : {}) };
    return { layers: best?.layers ?? layers, history, state };
  };
  const stopped = () => best && earlyStopping && epoch - best.epoch >= earlyStopping.patience;
  let trainee: Trainee | undefined;
  try {
    while (epoch < epochs && !stopped()) {
      epoch++;
      if (epoch > 0) trainee ??= traineeFor(options, work);
      const trained = trainee
        ? await trainEpoch(options, work.data, trainee, epoch)
        : evaluate(backend, work.layers, loss, work.data);
      const record = recordOf(options, work, epoch, trained);
      history.push(record);
      options.onEpoch?.(record);
      const { validationLoss } = record;
      if (earlyStopping && validationLoss !== null) {
        if (!best || validationLoss < best.loss - earlyStopping.min_delta) {
          best = { epoch, loss: validationLoss, layers: copyLayers(work.all()) };
        }
      }
      await options.afterEpoch?.(epoch, training);
    }
  } finally {
    trainee?.dispose();
  }
  return training();
}

/** Throws a Diverged if a number of it is none. */
function recordOf(
  { backend, loss, penalties }: TrainingOptions,
  { layers, validation }: Work,
  epoch: number,
  trained: number,
): EpochRecord {
  const record = {
    epoch,
    loss: trained,
    penalty: totalPenalty(layers, penalties),
    validationLoss: validation ? evaluate(backend, layers, loss, validation) : null,
  };
  requireFinite(record);
  return record;
}

/** The part of the network that every step runs, and the data that enter it. */
interface Work {
  readonly layers: readonly Layer[];
  readonly data: Examples;
  readonly validation: Examples | undefined;
  readonly optimizer: OptimizerState;
  all(): readonly Layer[];
}

/** Leading frozen layers run once; their outputs are the data of the other layers. */
function prepare({ backend, data, validation, ...options }: TrainingOptions): Work {
  const layers = options.state ? copyLayers(options.state.layers) : copyLayers(options.layers);
  const first = layers.findIndex((layer) => !layer.frozen);
  if (options.epochs > 0) {
    if (first < 0) throw new Misfit("param", "layers", "leave nothing to train: all are frozen");
    if (options.batch > data.x.rows) {
      const message = `${options.batch} is more than the rows of the data, ${data.x.rows}`;
      throw new Misfit("param", "batch", message);
    }
  }
  const prefix = layers.slice(0, Math.max(first, 0));
  const behind = ({ x, y }: Examples): Examples => ({ x: encode(backend, prefix, x), y });
  const arrays = trainable(layers);
  const sizes = arrays.map((array) => array.length);
  const { state } = options;
  return {
    layers: layers.slice(prefix.length),
    data: behind(data),
    validation: validation && behind(validation),
    optimizer: state
      ? { ...state.optimizer, moments: state.optimizer.moments.map((array) => array.slice()) }
      : initialState(options.optimizer, sizes),
    all: () => layers,
  };
}

function traineeFor({ backend, ...options }: TrainingOptions, work: Work): Trainee {
  const { loss, penalties, optimizer, batch } = options;
  const { layers, optimizer: state } = work;
  return backend.trainee({ layers, loss, penalties, optimizer, state, batch });
}

/** One pass over the data in a new order; returns the mean loss of its batches. */
async function trainEpoch(
  { batch, random, pause }: TrainingOptions,
  { x, y }: Examples,
  trainee: Trainee,
  epoch: number,
): Promise<number> {
  const order = random("batches", epoch).shuffle(new Uint32Array(x.rows).map((_, i) => i));
  const steps = Math.floor(x.rows / batch);
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    sum += trainee.step(x, y, order.subarray(i * batch, (i + 1) * batch));
    if (i % 64 === 63) await pause?.();
  }
  trainee.save();
  await pause?.();
  return sum / steps;
}

function trainable(layers: readonly Layer[]): readonly Float32Array[] {
  return layers.filter((layer) => !layer.frozen).flatMap(parametersOf);
}

function totalPenalty(layers: readonly Layer[], penalties: ReadonlyMap<string, Penalty>): number {
  let sum = 0;
  for (const { name, kernel } of layers) {
    const penalty = penalties.get(name);
    if (penalty) sum += penaltyOf(kernel, penalty);
  }
  return sum;
}

function requireFinite({ epoch, loss, penalty, validationLoss }: EpochRecord): void {
  const all = [loss, penalty, validationLoss ?? 0];
  if (all.every(Number.isFinite)) return;
  const found = Number.isFinite(penalty) ? `loss is ${loss}` : `penalty is ${penalty}`;
  throw new Diverged(
    `the training diverged: in epoch ${epoch} the ${found}; a lower learning rate may help`,
  );
}
