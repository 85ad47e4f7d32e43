/**
 * Finds the filter whose block spin knows most of its environment, by Adam on the bound. Knows no
 * lattices.
 */
import type { Generator } from "../../random/index.ts";
import {
  type Draw,
  type Examples,
  information,
  type Parameters,
  type Sizes,
} from "./information.ts";

export interface RsmiTraining {
  readonly sizes: Sizes;
  readonly examples: Examples;
  /** Rows that are not trained on. */
  readonly validation: Examples | undefined;
  readonly epochs: number;
  /** Rows a step; the last partial batch of an epoch is dropped. */
  readonly batch: number;
  /** Step size at the start; it falls linearly to 0. */
  readonly rate: number;
  /** A filter that stays as it is: only the guess of the sign of its sum is fitted. */
  readonly filter?: ArrayLike<number> | undefined;
  readonly initial: Generator;
  readonly order: (epoch: number) => Generator;
  readonly onEpoch: (record: RsmiRecord) => void;
  readonly pause: () => Promise<void>;
}

/** Bounds in nats, after an epoch; epoch 0 is before training. */
export interface RsmiRecord {
  readonly epoch: number;
  readonly information: number;
  readonly validation: number | null;
}

export interface RsmiResult {
  readonly parameters: Parameters;
  readonly history: readonly RsmiRecord[];
}

export async function trainRsmi(training: RsmiTraining): Promise<RsmiResult> {
  const { sizes, examples, validation, epochs, batch, rate, filter } = training;
  const parameters = initialParameters(sizes, training.initial);
  if (filter) parameters.set(filter);
  const [fixed, draw]: [number, Draw] = filter ? [sizes.visible, "sign"] : [0, "sample"];
  const adam = createAdam(parameters, fixed);
  const steps = Math.floor(examples.rows / batch);
  const order = Int32Array.from({ length: examples.rows }, (_, i) => i);
  const history: RsmiRecord[] = [];
  const record = (epoch: number) => {
    const found = {
      epoch,
      information: whole(sizes, parameters, examples, draw),
      validation: validation ? whole(sizes, parameters, validation, draw) : null,
    };
    history.push(found);
    training.onEpoch(found);
  };
  record(0);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await training.pause();
    training.order(epoch).shuffle(order);
    for (let step = 0; step < steps; step++) {
      const gradient = new Float64Array(parameters.length);
      const rows = { order, from: step * batch, to: (step + 1) * batch };
      information(sizes, parameters, examples, rows, { draw, gradient });
      adam(gradient, rate * (1 - ((epoch - 1) * steps + step) / (epochs * steps)));
    }
    record(epoch);
  }
  return { parameters, history };
}

/** The bound over all rows. */
export function whole(
  sizes: Sizes,
  parameters: Parameters,
  examples: Examples,
  draw: Draw = "sample",
): number {
  const order = { length: examples.rows } as ArrayLike<number>;
  const all = Int32Array.from(order, (_, i) => i);
  const rows = { order: all, from: 0, to: examples.rows };
  return information(sizes, parameters, examples, rows, { draw });
}

/** The filter begins at random, with variance 1 over its size; the guess begins at 0. */
function initialParameters({ visible, environment }: Sizes, random: Generator): Parameters {
  const parameters = new Float64Array(visible + environment);
  for (let i = 0; i < visible; i++) parameters[i] = random.normal() / Math.sqrt(visible);
  return parameters;
}

/** Adam (Kingma and Ba, arXiv:1412.6980) upwards; the first `fixed` numbers stay. */
function createAdam(parameters: Parameters, fixed: number) {
  const [decay, decaySquare, tiny] = [0.9, 0.999, 1e-8];
  const [first, second] = [parameters, parameters].map((p) => new Float64Array(p.length));
  let [power, powerSquare] = [1, 1];
  return (gradient: Float64Array, rate: number) => {
    power *= decay;
    powerSquare *= decaySquare;
    for (let i = fixed; i < parameters.length; i++) {
      const g = gradient[i]!;
      first![i] = decay * first![i]! + (1 - decay) * g;
      second![i] = decaySquare * second![i]! + (1 - decaySquare) * g * g;
      const size = Math.sqrt(second![i]! / (1 - powerSquare)) + tiny;
      parameters[i]! += (rate * (first![i]! / (1 - power))) / size;
    }
  };
}
