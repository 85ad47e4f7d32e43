/**
 * A block of a periodic lattice and its environment beyond a buffer, for every coarse site: the data
 * from which real-space mutual information is learned. Knows neither filters nor seeds.
 */
import { windowLead } from "./block-filter.ts";

/** Which sites are seen from the corner of a block of `stride` x `stride` sites. */
export interface Surroundings {
  /** Sites a side of the lattice. */
  readonly size: number;
  /** Sites from one block to the next, a side. */
  readonly stride: number;
  /** Sites a side of what the filter sees, centred on the block as a convolution's windows are. */
  readonly window: number;
  /** Sites between the window and the environment. */
  readonly buffer: number;
  /** How many sites thick the environment is. */
  readonly thickness: number;
}

type Offset = readonly [dy: number, dx: number];

/** Sites a side that window, buffers and environment take together. */
export function spanOf({ window, buffer, thickness }: Surroundings): number {
  return window + 2 * (buffer + thickness);
}

/** Offsets of the window's sites, row by row, from the corner of the block. */
function windowOffsets({ window: side, stride }: Surroundings): Offset[] {
  const before = windowLead({ side, stride });
  return square(side).map(([y, x]) => [y - before, x - before]);
}

/** Offsets of the environment's sites: the square of `spanOf` without what lies inside. */
function environmentOffsets(given: Surroundings): Offset[] {
  const { window, stride, buffer, thickness } = given;
  const before = windowLead({ side: window, stride }) + buffer + thickness;
  const span = spanOf(given);
  const isInside = (i: number) => i >= thickness && i < span - thickness;
  return square(span)
    .filter(([y, x]) => !(isInside(y) && isInside(x)))
    .map(([y, x]) => [y - before, x - before]);
}

function square(side: number): Offset[] {
  return Array.from({ length: side * side }, (_, i) => [Math.floor(i / side), i % side]);
}

/** Sites of the environment of one block. */
export function environmentSize(given: Surroundings): number {
  return environmentOffsets(given).length;
}

/**
 * The spins of window and environment at these places, each a configuration (a row of `spins` of +-1) and
 * the number of a block in it, row by row; and what each row counts.
 */
export function examplesAt(
  given: Surroundings,
  spins: Int8Array,
  places: readonly (readonly [row: number, block: number])[],
  weights: Float64Array = new Float64Array(places.length).fill(1),
) {
  const { size, stride } = given;
  const width = size / stride;
  const look = (offsets: readonly Offset[]) => {
    const seen = new Float64Array(places.length * offsets.length);
    let at = 0;
    for (const [row, block] of places) {
      const [top, left] = [Math.floor(block / width) * stride, (block % width) * stride];
      for (const [dy, dx] of offsets) {
        const site = ((top + dy + size) % size) * size + ((left + dx + size) % size);
        seen[at++] = spins[row * size * size + site]!;
      }
    }
    return seen;
  };
  return {
    rows: places.length,
    visible: look(windowOffsets(given)),
    environment: look(environmentOffsets(given)),
    weights,
  };
}
