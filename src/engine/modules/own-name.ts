/**
 * Lets a user's module import `blockspin` wherever it lies: the name means this very package. Hooks
 * of the module loader hold for one thread, so every worker needs them.
 */
import { register } from "node:module";

const own = new URL("../../index.js", import.meta.url).href;
/** Within this package, Node finds the name by itself. */
const root = new URL("../../../", import.meta.url).href;
let registered = false;

/** For a module that is about to be imported; our own need nothing. */
export function resolveOwnName(module: string): void {
  if (registered || module.startsWith(root)) return;
  registered = true;
  const hook = `export async function resolve(specifier, context, next) {
    return specifier === "blockspin" ? { url: ${JSON.stringify(own)}, shortCircuit: true } : next(specifier, context);
  }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
