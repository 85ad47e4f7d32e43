/**
 * Registers the gradients of tfjs-core, for the peer. In tfjs-core they are modules for bundlers, whose
 * imports lack the file endings that Node requires; only @tensorflow/tfjs has them for Node.
 */
import { register } from "node:module";

const hooks = `
import { readFile } from "node:fs/promises";
const isTheirs = (url) => url?.includes("/tfjs-core/dist/") && !url.endsWith(".node.js");
export function resolve(name, context, next) {
  const bare = isTheirs(context.parentURL) && name.startsWith(".") && !name.endsWith(".js");
  return next(bare ? name + ".js" : name, context);
}
export async function load(url, context, next) {
  if (!isTheirs(url)) return next(url, context);
  return { format: "module", source: await readFile(new URL(url)), shortCircuit: true };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
// Registries are global, so these find the kernels of the bundle that everyone else imports.
await import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
