/**
 * Lets a user's module import `blockspin` wherever the module lies: the name means this very package.
 * Also silences Node's warning where the folder lacks `"type": "module"`. Hooks of the module loader
 * hold for one thread, so every worker sets them.
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
  ignoreTypeless();
  // The loader has a thread of its own.
  const hook = `(${ignoreTypeless})();
  export async function resolve(specifier, context, next) {
    return specifier === "blockspin" ? { url: ${JSON.stringify(own)}, shortCircuit: true } : next(specifier, context);
  }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

/** Node reads such a module as it is meant, and warns of the time that it takes to find out. */
function ignoreTypeless(): void {
  const emit = process.emitWarning as (...given: unknown[]) => void;
  process.emitWarning = (...given: unknown[]) => {
    const [, options, code] = given;
    const { code: named = code } = Object(options) as { code?: unknown };
    if (named !== "MODULE_TYPELESS_PACKAGE_JSON") emit.apply(process, given);
  };
}
