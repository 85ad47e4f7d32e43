/**
 * What Node's module loader has to know for users' modules: `blockspin` means this very package, wherever
 * a module lies, and TypeScript loses its types. Also silences Node's warning where the folder lacks
 * `"type": "module"`. Hooks hold for one thread, so every worker sets them.
 */
import { register } from "node:module";
import { isTypeScript } from "./strip-types.ts";

const place = (name: string) => new URL(name, import.meta.url).href;
const names = {
  blockspin: place("../../index.js"),
  "blockspin/node": place("../node-type.js"),
};
/** Within this package, Node finds the names by itself. */
const root = place("../../../");
let registered = false;

/** For a module that is about to be imported; our own need nothing. */
export function prepareLoader(module: string): void {
  if (registered || (module.startsWith(root) && !isTypeScript(module))) return;
  registered = true;
  ignoreTypeless();
  // The loader has a thread of its own.
  const hooks = `(${ignoreTypeless})();
  const names = ${JSON.stringify(names)};
  export async function resolve(specifier, context, next) {
    const url = Object.hasOwn(names, specifier) ? names[specifier] : undefined;
    return url ? { url, shortCircuit: true } : next(specifier, context);
  }
  export async function load(url, context, next) {
    if (!/^file:[^?#]*\\.m?ts(?:[?#]|$)/.test(url)) return next(url, context);
    const { sourceOf } = await import(${JSON.stringify(place("./strip-types.js"))});
    return { format: "module", source: await sourceOf(url), shortCircuit: true };
  }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
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
