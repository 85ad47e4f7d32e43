/** How well a network reconstructs spins, configuration by configuration. Knows no lattice. */
import type { Backend } from "./backend/contract.ts";
import { predict } from "./layers/forward.ts";
import type { Model } from "./model.ts";
import { floatRows, type Rows, spinRows } from "./rows.ts";
import { asSpins } from "./training/loss.ts";
import { type Comparison, compareRows } from "./wasm/arrays.ts";

type Network = Pick<Model, "layers" | "loss">;

/** What is measured; f(s) are the outputs for spins s, and a sign of 0 counts as +1. */
const qualities = ["mse", "accuracy", "overlap", "z2_defect"] as const;
export type Quality = (typeof qualities)[number];

/**
 * One number a row for each quality, means over the N sites:
 * `mse` of f - s; `accuracy`, the share of sites where sign f = s; `overlap` |q| with
 * q = mean of s sign f, blind to a global flip; `z2_defect`, mean |f(s) + f(-s)| / 2, which is 0
 * for a network that respects the symmetry of the model it learned from. With `codes` beside the
 * spins, f is what the network makes of those, and of the negated codes.
 */
export function reconstructRows(
  backend: Backend,
  model: Network,
  spins: Rows,
  codes: Rows = spins,
): Record<Quality, Float64Array> {
  const turned = negated(codes);
  const { squares, same, defects } = compareImages(spins, (start, end) => [
    imageOf(backend, model, codes, start, end),
    imageOf(backend, model, turned, start, end),
  ]);
  const n = spins.width;
  return {
    mse: squares.map((sum) => sum / n),
    accuracy: same.map((sites) => sites / n),
    overlap: same.map((sites) => Math.abs(2 * sites - n) / n),
    z2_defect: defects.map((sum) => sum / 2 / n),
  };
}

/**
 * Row by row: the mean over sites of (f - s)^2, and the share of sites where sign f = s. Here f is what
 * the network makes of the codes.
 */
export function distortionRows(
  backend: Backend,
  model: Network,
  spins: Rows,
  codes: Rows,
): { mse: Float64Array; accuracy: Float64Array } {
  const { squares, same } = compareImages(spins, (start, end) => [
    imageOf(backend, model, codes, start, end),
  ]);
  const n = spins.width;
  return { mse: squares.map((sum) => sum / n), accuracy: same.map((sites) => sites / n) };
}

/** Outputs for these rows, as spins. */
function imageOf(
  backend: Backend,
  { layers, loss }: Network,
  codes: Rows,
  start: number,
  end: number,
): Float32Array {
  return asSpins(loss, layers.at(-1)!.activation, predict(backend, layers, codes, start, end));
}

/** Rows whose images are held at once: those of all would leave every cache. */
const windowRows = 1024;

function compareImages(
  spins: Rows,
  imagesOf: (start: number, end: number) => [image: Float32Array, flipped?: Float32Array],
): Comparison {
  const column = () => new Float64Array(spins.rows);
  const all = { squares: column(), same: column(), defects: column() };
  for (let start = 0; start < spins.rows; start += windowRows) {
    const end = Math.min(spins.rows, start + windowRows);
    const [image, flipped] = imagesOf(start, end);
    const { squares, same, defects } = compareRows(image, spins, flipped, start);
    all.squares.set(squares, start);
    all.same.set(same, start);
    all.defects.set(defects, start);
  }
  return all;
}

function negated(rows: Rows): Rows {
  const { bits, values } = rows;
  if (bits) {
    return spinRows(
      bits.map((byte) => ~byte),
      rows.rows,
      rows.width,
    );
  }
  if (values) {
    return floatRows(
      values.map((value) => -value),
      rows.width,
    );
  }
  return {
    ...rows,
    copy(row, target, offset) {
      rows.copy(row, target, offset);
      for (let i = offset; i < offset + rows.width; i++) target[i] = -target[i]!;
    },
  };
}
