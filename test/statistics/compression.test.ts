import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { createGenerator, streamSeed } from "../../src/random/index.ts";
import { compressionRatio } from "../../src/statistics/compression.ts";
import { deflatedSize } from "../../src/statistics/deflate.ts";

/** Bytes whose bits are 1 with probability p. */
function coins(p: number, bytes: number): Uint8Array {
  const random = createGenerator(
    streamSeed({ nodeType: "test", purpose: "coins", seed: 1, parts: [p] }),
  );
  return Uint8Array.from({ length: bytes }, () => {
    let byte = 0;
    for (let j = 0; j < 8; j++) byte |= (random.float64() < p ? 1 : 0) << j;
    return byte;
  });
}

test("deflatedSize() is what it was, and near what zlib makes of the same bytes", () => {
  const streams = [0.5, 0.2, 0.05, 0].map((p) => coins(p, 32_000));
  // Another size changes artifacts: raise the versions of compression and rate-distortion.
  expect(streams.map(deflatedSize)).toEqual([32_010, 25_305, 12_422, 47]);
  for (const stream of streams) {
    const zlib = deflateRawSync(stream, { level: 9 }).length;
    // Matches are searched for otherwise, and zlib itself differs by 3 % between its builds.
    expect(deflatedSize(stream)).toBeGreaterThan(0.95 * zlib);
    expect(deflatedSize(stream)).toBeLessThan(1.1 * zlib);
  }
});

test("compressionRatio() of coins lies between their entropy and a third more", () => {
  const [constant, random] = [
    deflatedSize(new Uint8Array(32_000)),
    deflatedSize(coins(0.5, 32_000)),
  ];
  for (const p of [0.2, 0.05]) {
    const entropy = -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
    const stream = deflatedSize(coins(p, 32_000));
    const ratio = compressionRatio({ stream, constant, random });
    // 256,000 coins: the entropy of what was drawn is within 1 % of that of the coin.
    expect(ratio).toBeGreaterThan(0.99 * entropy);
    expect(ratio).toBeLessThan(1.4 * entropy);
  }
  expect(compressionRatio({ stream: constant, constant, random })).toBe(0);
  expect(compressionRatio({ stream: random, constant, random })).toBe(1);
});
