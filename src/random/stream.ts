/**
 * Seeds of named random streams: what a stream is for decides its 256 bits, and nothing else does,
 * so that runs that differ in one thing share all other random numbers.
 */
import { hash } from "node:crypto";

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
  const seeds = typeof seed === "object" ? seed : [seed];
  const preimage = `blockspin stream 1${encode([nodeType, purpose])}${encode(seeds)}${encode(parts)}`;
  return bytesOf(hash("sha256", preimage, "binary"));
}

/** Lists and strings carry their length, so that their content cannot be taken for what follows. */
function encode(list: readonly Part[]): string {
  let text = ` ${list.length}`;
  for (const part of list) {
    text += typeof part === "string" ? ` ${part.length}"${part}` : ` ${float64Bits(part)}`;
  }
  return text;
}

/** Of a character each: a digest in a buffer of its own takes longer. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const scratch = new DataView(new ArrayBuffer(8));
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Sixteen hexadecimal digits. */
function float64Bits(x: number): string {
  if (!Number.isFinite(x)) throw new RangeError(`a stream cannot be named by ${x}`);
  // Adding 0 turns -0 into 0: JSON, and so an action's key, writes both alike.
  scratch.setFloat64(0, x + 0);
  let text = "";
  for (let i = 0; i < 8; i++) text += hexOfByte[scratch.getUint8(i)]!;
  return text;
}
