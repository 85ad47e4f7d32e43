import { deflateSync } from "fflate";
import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { deflatedSize } from "../../src/statistics/deflate.ts";

const random = createGenerator(
  streamSeed({ nodeType: "test", purpose: "streams", seed: 1, parts: [] }),
);
const some = (length: number, byte: (i: number, before: Uint8Array) => number) => {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = byte(i, bytes);
  return bytes;
};
const rarely = (p: number) => random.float64() < p;
const any = () => random.below(256);

/** Streams of `length` bytes that lead to all kinds of blocks, codes and matches. */
const kinds: Readonly<Record<string, (length: number) => Uint8Array>> = {
  "fair coins": (length) => some(length, any),
  "a constant": (length) => some(length, () => 7),
  "rare bits": (length) => some(length, () => (rarely(0.2) ? 1 << random.below(8) : 0)),
  "three letters": (length) => some(length, () => random.below(3)),
  // Each letter half as often as the one before: codes that are cut to their longest length.
  "halved letters": (length) => some(length, () => Math.clz32(random.below(2 ** 30)) * 7),
  repetitions: (length) => {
    const period = 1 + random.below(300);
    return some(length, (i, before) => (i < period || rarely(0.02) ? any() : before[i - period]!));
  },
  // Beyond the window of 32 KiB there is nothing to be found.
  "distant repetitions": (length) =>
    some(length, (i, before) => (i < 33_000 || rarely(0.1) ? any() : before[i - 32_760]!)),
};

test.each(Object.entries(kinds))(
  "deflatedSize() of %s is the size that fflate gives",
  (_, make) => {
    const short = Array.from({ length: 200 }, (_, i) => make(i < 20 ? i : random.below(2000)));
    const long = [65_537, 200_003].map(make);
    for (const bytes of [...short, ...long]) {
      const { length } = deflateSync(bytes, { level: 9, mem: 8 });
      expect(deflatedSize(bytes)).toBe(length);
      // Nothing is left of the stream before.
      expect(deflatedSize(bytes)).toBe(length);
    }
  },
);
