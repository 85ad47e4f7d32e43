import { expect, test } from "vitest";
import { type AnyNodeType, InvalidParam } from "../../src/engine/node-type.ts";
import { inParts } from "../../src/lattice/kernel.ts";
import { mostClusterChains, mostLocalChains, mostSamples } from "../../src/lattice/limits.ts";
import { withDefaults } from "../harness/run-node.ts";
import { isingSampler } from "../nodes/ising-sampler.ts";

test("inParts() hands a kernel no count that its 32 bits cannot hold", () => {
  const parts: number[] = [];
  const count = 2 ** 33 + 5;
  const sum = inParts(count, 1, (part) => {
    parts.push(part);
    return part;
  });
  expect(sum).toBe(count);
  expect(parts.every((part) => part < 2 ** 29)).toBe(true);
});

const sampler: AnyNodeType = isingSampler;
const outputs = (params: object) => () => sampler.outputs(withDefaults(sampler, params), {});
const large = { size: 4096, betas: [0.4], samples: 8 };

test.each([
  ["chains", { ...large, algorithm: "heat-bath", chains: mostLocalChains(4096) + 1 }],
  ["chains", { ...large, betas: [0], chains: mostLocalChains(4096) + 1 }],
  ["chains", { ...large, chains: mostClusterChains(4096) + 1 }],
  ["samples", { ...large, samples: mostSamples(4096) + 1 }],
  ["samples", { ...large, size: 2, samples: 2 ** 31 }],
])("%s that no memory holds are refused before anything is sampled", (path, params) => {
  expect(outputs(params)).toThrow(InvalidParam);
  expect(outputs(params)).toThrow("do not fit in memory: expected");
  expect(outputs({ ...params, [path]: 8 })).not.toThrow();
});

test("the greatest numbers of chains fit a kernel's memory", () => {
  for (const size of [2, 33, 4096]) {
    const [local, cluster] = [mostLocalChains(size), mostClusterChains(size)];
    const stride = 16 * Math.ceil((size * size) / 16);
    expect(local % 128).toBe(0);
    expect((local * stride) / 8 + 16).toBeLessThan(2 ** 30 - 4);
    expect(cluster * (stride + stride / 8 + 40) + 4 * size * size).toBeLessThan(2 ** 32);
    expect((cluster * stride) / 8 + 16).toBeLessThan(2 ** 30 - 4);
  }
});
