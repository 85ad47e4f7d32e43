import fc from "fast-check";
import { expect, test } from "vitest";
import { createGenerator, type Stream, streamSeed } from "../../src/random/index.ts";

const stream: Stream = {
  nodeType: "ising-sampler",
  purpose: "sampling",
  seed: 1,
  parts: [0.44, 0],
};
const hex = (s: Stream) => Buffer.from(streamSeed(s)).toString("hex");

test("streamSeed() differs for streams that differ in anything, and only for those", () => {
  const part = fc.oneof(
    fc.integer({ min: -2, max: 2 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ maxLength: 2 }),
  );
  const any = fc.record({
    nodeType: fc.constantFrom("a", "ab", "b"),
    purpose: fc.constantFrom("", "a", "b", "bc"),
    seed: fc.array(part, { minLength: 1, maxLength: 2 }),
    parts: fc.array(part, { maxLength: 3 }),
  });
  // JSON writes -0 as 0, as a stream reads it.
  const same = (a: Stream, b: Stream) => JSON.stringify(a) === JSON.stringify(b);
  const pair = fc.oneof(
    fc.tuple(any, any),
    any.map((s) => [s, structuredClone(s)] as const),
  );
  fc.assert(
    fc.property(pair, ([a, b]) => (hex(a) === hex(b)) === same(a, b)),
    { seed: 1, numRuns: 2000 },
  );
});

test("streamSeed() keeps apart what runs together when written in a row", () => {
  const variants: Stream[] = [
    stream,
    { ...stream, seed: "1" },
    { ...stream, seed: [1, "train"] },
    { ...stream, seed: [1, "test"] },
    { ...stream, seed: [1, 0.44], parts: [0] },
    { ...stream, parts: [0.44, "0"] },
    { ...stream, parts: [0.44] },
    { ...stream, parts: ["0.44", 0] },
    { ...stream, parts: [0.44000000000000006, 0] },
    { ...stream, purpose: "samplin", parts: ["g", 0.44, 0] },
    { ...stream, nodeType: "ising-sample", purpose: "rsampling" },
  ];
  expect(new Set(variants.map(hex)).size).toBe(variants.length);
});

test("streamSeed() reads one seed as a list of one, -0 as 0, and refuses NaN", () => {
  expect(hex({ ...stream, seed: [1] })).toBe(hex(stream));
  expect(hex({ ...stream, parts: [0.44, -0] })).toBe(hex(stream));
  expect(() => hex({ ...stream, parts: [Number.NaN] })).toThrow("cannot be named by NaN");
});

test("streamSeed() gives the same bits everywhere (pinned)", () => {
  expect(hex(stream)).toMatchInlineSnapshot(
    `"45d84d5e75bbda3e584c1442fddd863914171412b3ff67624bc8d9271cb9989f"`,
  );
  expect(createGenerator(streamSeed(stream)).uint32()).toMatchInlineSnapshot(`2275266373`);
});

test("neighbouring streams are uncorrelated", () => {
  // 64 chains x 1000 numbers; all 2016 pairs below 5.5 sigma: a false alarm in 1.3e4 runs.
  const rows = Array.from({ length: 64 }, (_, chain) => {
    const generator = createGenerator(streamSeed({ ...stream, parts: [0.44, chain] }));
    return Float64Array.from({ length: 1000 }, () => (generator.float64() - 0.5) * Math.sqrt(12));
  });
  let largest = 0;
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < i; j++) {
      const dot = rows[i]!.reduce((sum, x, k) => sum + x * rows[j]![k]!, 0);
      largest = Math.max(largest, Math.abs(dot) / Math.sqrt(1000));
    }
  }
  expect(largest).toBeLessThan(5.5);
});
