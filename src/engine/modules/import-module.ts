/**
 * Imports a user's module. What it does when it is loaded must not end the process, nor keep it
 * waiting for ever. Knows nothing of what it exports.
 */

/** Far more than a slow disk needs. */
const limitMs = 60_000;

/** Throws what the module throws; and where it wants to end the process, or is never done. */
export async function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  const { exit } = process;
  process.exit = (code) => {
    throw new Error(`it calls process.exit(${code ?? ""})`);
  };
  let timer: NodeJS.Timeout | undefined;
  // Without a timer, Node ends without a word where nothing is left that a module could wait for.
  const late = new Promise<never>((_, reject) => {
    const message = `it is not loaded after ${limitMs / 1000} s: it awaits what does not come`;
    timer = setTimeout(() => reject(new Error(message)), limitMs);
  });
  try {
    return (await Promise.race([import(url), late])) as Record<string, unknown>;
  } finally {
    clearTimeout(timer);
    process.exit = exit;
  }
}
