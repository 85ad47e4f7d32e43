/** Loads the project's own WebAssembly kernels (`wasm/<layer>.wasm`), synchronously. */
import { readFileSync } from "node:fs";

// Node's types for this release line do not name WebAssembly; this is the part that is used.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
};

/** The exports of a fresh instance, with its own memory. Cast them to the kernel's signatures. */
export function instantiate(layer: string): Record<string, unknown> {
  const url = new URL(`../../wasm/${layer}.wasm`, import.meta.url);
  const env = {
    abort() {
      throw new Error(`internal error: abort in ${layer}.wasm`);
    },
  };
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(url)), { env }).exports;
}
