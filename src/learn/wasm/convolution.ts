/**
 * Convolutions on a periodic lattice, and their transposes, as matrix products with the windows
 * gathered first (Chellapilla, Puri, Simard 2006). Windows are gathered for a few lattices at a time,
 * so that they stay in the cache, and are gathered again for the gradient.
 */
import { coarseSize, fineSize, windowCells } from "../layers/windows.ts";
import type { ConvolutionSize, Layer } from "../model.ts";
import { kernel, work } from "./kernel.ts";
import { memory, type Room, view } from "./memory.ts";
import type { Operation } from "./operation.ts";
import type { Parameters } from "./parameters.ts";

/** Numbers in windows that are held at once, if one lattice does not have more. */
const heldNumbers = 65_536;

/** The windows of a few lattices, and what is done with them. */
interface Seen {
  /** Calls `act` for a few lattices at a time: how many, and how many were before. */
  each(lattices: number, act: (count: number, before: number) => void): void;
  gather(values: number, lattices: number): void;
  scatter(lattices: number, values: number): void;
  /** Coarse numbers = windows W^T + bias (at 0, there is none). */
  down(lattices: number, bias: number, to: number): void;
  /** Windows = coarse numbers times W. */
  up(lattices: number, from: number): void;
  /** Coarse numbers, transposed, times windows; added to what is there, unless it is the first. */
  outer(lattices: number, isFirst: boolean, from: number, to: number): void;
}

function seenBy({ windows }: ConvolutionSize, w: number, room: Room): Seen {
  const { rows, columns, side, coarse, fine } = windows;
  const [sites, width, size] = [rows * columns, side * side * fine, fineSize(windows)];
  const cells = windowCells(windows);
  const index = room.floats(cells.length);
  new Uint32Array(memory.buffer, index, cells.length).set(cells);
  const some = Math.max(1, Math.floor(heldNumbers / (sites * width)));
  const seen = room.floats(some * sites * width); // (lattices x sites, window)
  return {
    each(lattices, act) {
      for (let before = 0; before < lattices; before += some) {
        act(Math.min(some, lattices - before), before);
      }
    },
    gather(values, lattices) {
      kernel.gather(values, lattices, size, index, cells.length, fine, seen);
    },
    scatter(lattices, values) {
      kernel.scatter(seen, lattices, size, index, cells.length, fine, values);
    },
    down(lattices, bias, to) {
      const m = lattices * sites;
      kernel.product(seen, w, bias, to, m, coarse, width, false, true, false, work);
    },
    up(lattices, from) {
      const m = lattices * sites;
      kernel.product(from, w, 0, seen, m, width, coarse, false, false, false, work);
    },
    outer(lattices, isFirst, from, to) {
      const k = lattices * sites;
      kernel.product(from, seen, 0, to, coarse, width, k, true, false, !isFirst, work);
    },
  };
}

export function convolution(
  layer: Layer & ConvolutionSize,
  { kernel: w, bias }: Parameters,
  room: Room,
): Operation {
  const { coarse, fine } = layer.windows;
  const [size, coarseNumbers] = [fineSize(layer.windows), coarseSize(layer.windows)];
  const { each, gather, scatter, down, up, outer } = seenBy(layer, w, room);
  const fineAt = (at: number, before: number) => at + 4 * size * before;
  const coarseAt = (at: number, before: number) => at + 4 * coarseNumbers * before;
  const conv: Operation = {
    forward(x, rows, z) {
      each(rows, (count, before) => {
        gather(fineAt(x, before), count);
        down(count, bias, coarseAt(z, before));
      });
    },
    backward(x, rows, dz, slopes, dx) {
      if (slopes) kernel.columnSums(dz, (rows * coarseNumbers) / coarse, coarse, slopes.bias);
      if (dx) view(dx, rows * size).fill(0);
      each(rows, (count, before) => {
        if (slopes) {
          gather(fineAt(x, before), count);
          outer(count, before === 0, coarseAt(dz, before), slopes.kernel);
        }
        if (!dx) return;
        up(count, coarseAt(dz, before));
        scatter(count, fineAt(dx, before));
      });
    },
  };
  const transpose: Operation = {
    forward(x, rows, z) {
      kernel.repeat(bias, (rows * size) / fine, fine, z);
      each(rows, (count, before) => {
        up(count, coarseAt(x, before));
        scatter(count, fineAt(z, before));
      });
    },
    backward(x, rows, dz, slopes, dx) {
      if (slopes) kernel.columnSums(dz, (rows * size) / fine, fine, slopes.bias);
      each(rows, (count, before) => {
        gather(fineAt(dz, before), count);
        if (slopes) outer(count, before === 0, coarseAt(x, before), slopes.kernel);
        if (dx) down(count, 0, coarseAt(dx, before));
      });
    },
  };
  return layer.kind === "conv" ? conv : transpose;
}
