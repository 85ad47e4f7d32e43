/** Loads the project's own WebAssembly kernels (`wasm/<layer>.wasm`), synchronously. */
import { readFileSync } from "node:fs";

// Node's types for this release line lack WebAssembly; this is the part that is used here.
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => Memory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
};

/** Pages of 64 KiB. Growing replaces `buffer`. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export function createMemory(): Memory {
  return new WebAssembly.Memory({ initial: 0 });
}

/**
 * The exports of a fresh instance. Cast them to the kernel's signatures. It has a memory of its own
 * unless its source asks for one.
 */
export function instantiate(layer: string, memory?: Memory): Record<string, unknown> {
  const env = {
    memory,
    abort() {
      throw new Error(`internal error: abort in ${layer}.wasm`);
    },
  };
  return new WebAssembly.Instance(moduleOf(layer), { env }).exports;
}

/** By layer. What V8 has optimized belongs to the module, and serves every instance of it. */
const modules = new Map<string, object>();

function moduleOf(layer: string): object {
  const known = modules.get(layer);
  if (known) return known;
  const url = new URL(`../../wasm/${layer}.wasm`, import.meta.url);
  const module = new WebAssembly.Module(readFileSync(url));
  modules.set(layer, module);
  return module;
}
