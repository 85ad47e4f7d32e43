/**
 * Seeds of named random streams: what a stream is for decides its 256 bits, and nothing else does,
 * so that runs that differ in one thing share all other random numbers.
 */
import { createHash } from "node:crypto";

type Part = number | string;

export interface Stream {
  readonly nodeType: string;
  /** What the numbers are for: sampling, ties, initialization, batch order, bootstrap, … */
  readonly purpose: string;
  /** A single value counts as a list of one. */
  readonly seed: Part | readonly Part[];
  /** The split element, the chain, …; numbers count by their float64 bits (-0 as 0). */
  readonly parts: readonly Part[];
}

/**
 * SHA-256 of a domain tag and an encoding from which every field could be read back, so that no two
 * streams share a seed. Throws a RangeError for a number that is not finite.
 */
export function streamSeed({ nodeType, purpose, seed, parts }: Stream): Uint8Array {
  const hash = createHash("sha256");
  const seeds = typeof seed === "object" ? seed : [seed];
  for (const list of [["blockspin stream 1", nodeType, purpose], seeds, parts]) {
    hash.update(header("l", list.length));
    for (const part of list) {
      if (typeof part === "number") hash.update(float(part));
      else hash.update(header("s", Buffer.byteLength(part))).update(part);
    }
  }
  return new Uint8Array(hash.digest());
}

/** A type letter and a count (of items or bytes). */
function header(letter: string, count: number): Buffer {
  const bytes = Buffer.alloc(5, letter);
  bytes.writeUInt32LE(count, 1);
  return bytes;
}

function float(x: number): Buffer {
  if (!Number.isFinite(x)) throw new RangeError(`a stream cannot be named by ${x}`);
  const bytes = Buffer.alloc(9, "f");
  // Adding 0 turns -0 into 0: JSON, and so an action's key, cannot tell them apart.
  bytes.writeDoubleLE(x + 0, 1);
  return bytes;
}
