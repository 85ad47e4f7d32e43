/** Random streams for tests, named like a node's. */
import { createGenerator, type Generator, streamSeed } from "../../../src/random/index.ts";

/** Generators of one test: equal arguments, equal streams. */
export function streams(test: string): (...parts: number[]) => Generator {
  return (...parts) =>
    createGenerator(streamSeed({ nodeType: "test", purpose: test, seed: 20_211_113, parts }));
}
