/** Where this package lies, and how another project comes to depend on it. Knows no project. */
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Real: npm links a package that is installed from a folder. */
export const ownFolder = realpathSync(fileURLToPath(new URL("../../../", import.meta.url)));

export const ownManifest = () =>
  JSON.parse(readFileSync(join(ownFolder, "package.json"), "utf8")) as Manifest;

/** As package.json of a project in this folder names it: the version, or the path if no registry has it. */
export function ownDependency(folder: string): string {
  if (isFromRegistry()) return `^${ownManifest().version}`;
  return `file:${relative(realpathSync(folder), ownFolder)}`;
}

/** npm keeps where each package came from, except for those that are installed globally. */
function isFromRegistry(): boolean {
  if (basename(dirname(ownFolder)) !== "node_modules") return false;
  const lock = join(dirname(ownFolder), ".package-lock.json");
  if (!existsSync(lock)) return false;
  const { packages } = JSON.parse(readFileSync(lock, "utf8")) as {
    packages?: Readonly<Record<string, { resolved?: string }>>;
  };
  return /^https?:/.test(packages?.["node_modules/blockspin"]?.resolved ?? "");
}

/**
 * Does what `npm install` would do for a package in a folder, so that `npx blockspin`, the editor's schema
 * and the types work at once. Returns whether they do.
 */
export function linkPackage(folder: string): boolean {
  const modules = join(folder, "node_modules");
  const link = (target: string, path: string) => {
    if (existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
  };
  try {
    link(
      relative(join(realpathSync(folder), "node_modules"), ownFolder),
      join(modules, "blockspin"),
    );
    link("../blockspin/dist/cli/main.js", join(modules, ".bin", "blockspin"));
    return existsSync(join(modules, "blockspin", "package.json"));
  } catch {
    return false; // A file system without links: npm finds a way.
  }
}
