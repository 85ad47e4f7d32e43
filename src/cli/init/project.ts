/** Writes the files of a new project, and never over one that is there. Knows no pipeline. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError, writing } from "../../index.ts";
import { ownDependency, ownFolder, ownManifest } from "./own-package.ts";

export interface Written {
  /** Relative to the folder. */
  readonly written: readonly string[];
  /** Were there already. */
  readonly kept: readonly string[];
}

/** Throws `UsageError`, before it writes anything, where a file stands in the way of a folder. */
export function writeProject(folder: string): Written {
  const files = projectFiles();
  for (const name of files.keys()) refuseObstacle(folder, name);
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  files.set("package.json", manifestOf(folder));
  const written: string[] = [];
  const kept: string[] = [];
  for (const [name, text] of files) {
    const path = join(folder, name);
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    (isThere ? kept : written).push(name);
    if (isThere) continue;
    writing(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: "wx" });
    });
  }
  return { written, kept };
}

/** By name; that of `.gitignore` has no dot in the package, since npm leaves such a file out. */
function projectFiles(): Map<string, string> {
  const source = join(ownFolder, "templates/project");
  const names = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(source.length + 1))
    .sort();
  return new Map([
    ["package.json", ""],
    ...names.map((name): [string, string] => [
      name === "gitignore" ? ".gitignore" : name,
      readFileSync(join(source, name), "utf8"),
    ]),
  ]);
}

function refuseObstacle(folder: string, name: string): void {
  const path = resolve(folder, name);
  // From the top, since nothing can be asked about what lies below a file.
  for (let end = path.indexOf("/", 1); end > 0; end = path.indexOf("/", end + 1)) {
    const found = statSync(path.slice(0, end), { throwIfNoEntry: false });
    if (!found) return;
    if (found.isDirectory()) continue;
    throw new UsageError(`${JSON.stringify(path.slice(0, end))} is a file`, "name a folder");
  }
}

function manifestOf(folder: string): string {
  const manifest = {
    name: packageName(basename(resolve(folder))),
    private: true,
    type: "module",
    scripts: {
      start: "blockspin run pipeline.yaml",
      check: "blockspin check pipeline.yaml && tsc",
    },
    dependencies: { blockspin: ownDependency(folder) },
    devDependencies: { typescript: ownManifest().devDependencies["typescript"] },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** npm takes small letters, digits and hyphens; the name of a folder may be anything. */
function packageName(folder: string): string {
  const name = folder
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 200);
  return ["", "blockspin", "node-modules"].includes(name) ? "my-experiments" : name;
}
