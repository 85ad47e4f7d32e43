// Compiles every `src/<layer>/assembly/index.ts` (AssemblyScript) to `wasm/<layer>.wasm`.
// Skips a layer whose output is newer than all of its sources.
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
mkdirSync(join(root, "wasm"), { recursive: true });

const layers = readdirSync(join(root, "src")).filter((name) =>
  existsSync(join(root, "src", name, "assembly", "index.ts")),
);

/** These layers work in a memory that their caller owns. */
const borrowsMemory = ["learn"];

for (const layer of layers) {
  const folder = join("src", layer, "assembly");
  const output = join("wasm", `${layer}.wasm`);
  const newest = Math.max(
    statSync(fileURLToPath(import.meta.url)).mtimeMs,
    ...readdirSync(join(root, folder), { recursive: true }).map(
      (name) => statSync(join(root, folder, String(name))).mtimeMs,
    ),
  );
  if (existsSync(join(root, output)) && statSync(join(root, output)).mtimeMs > newest) continue;
  // Plain SIMD only: relaxed SIMD may or may not fuse multiply-add, so results would differ by host.
  const { error, stderr } = await asc.main(
    [
      join(folder, "index.ts"),
      ...["--outFile", output, "-O3", "--noAssert", "--enable", "simd", "--runtime", "stub"],
      ...(borrowsMemory.includes(layer) ? ["--importMemory"] : []),
    ],
    { baseDir: root },
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${layer}: ${error.message}\n`);
    process.exit(1);
  }
}
