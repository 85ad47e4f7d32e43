/** `blockspin init`: a new project, with a pipeline that runs. */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { shellWord } from "../../text/shell.ts";
import { json } from "../options.ts";
import { out } from "../print/terminal.ts";
import { linkPackage, ownDependency } from "./own-package.ts";
import { type Written, writeProject } from "./project.ts";

export function define(command: Command) {
  command
    .argument("[folder]", "where to make it; what lies there already is kept", ".")
    .addOption(json());
  return init;
}

async function init(folder: string, options: { json?: boolean }): Promise<number> {
  const done = writeProject(folder);
  const dependency = ownDependency(folder);
  const linked = dependency.startsWith("file:") && linkPackage(folder);
  if (options.json) out.json({ ...done, linked });
  else print(relative("", resolve(folder)), done, dependency, linked);
  return 0;
}

function print(place: string, { written, kept }: Written, dependency: string, linked: boolean) {
  if (written.length > 0) out.print(`made ${written.join(", ")}`);
  if (kept.length > 0) out.print(`kept what was there: ${kept.join(", ")}`);
  if (kept.includes("package.json") && !says(place, "package.json", '"blockspin"')) {
    out.print(`  = for types, run: npm install ${shellWord(`blockspin@${dependency}`)}`);
  }
  if (kept.includes(".gitignore") && !says(place, ".gitignore", "cache")) {
    out.print("  = add cache/ to .gitignore: what is computed goes there");
  }
  const folder = place.startsWith("-") ? `./${place}` : place;
  const enter = place === "" ? [] : [`cd ${shellWord(folder)}`];
  const install = linked ? [] : ["npm install"];
  // Another file of that name may be anything.
  const ours = says(place, "pipeline.yaml", "name: where-it-orders\n");
  const run = `npx blockspin run pipeline.yaml${ours ? "    # at which temperature does a magnet order?" : ""}`;
  const plan = "npx blockspin plan pipeline.yaml   # what would run after an edit, and why";
  out.print("", ...[...enter, ...install, run, plan].map((line) => `  ${line}`));
}

function says(folder: string, name: string, text: string): boolean {
  try {
    return readFileSync(join(folder, name), "utf8").includes(text);
  } catch {
    return false; // A folder, or a link to nothing.
  }
}
