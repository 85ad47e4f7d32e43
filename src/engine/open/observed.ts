/** The file system as opening a pipeline reads it; says of each file and folder that it was read. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileDigest } from "../../store/digest.ts";
import { codeFiles } from "../modules/code-digest.ts";
import { type ProjectFiles, projectFiles } from "../project/project-files.ts";

interface Reading {
  readFile(path: string): string;
  readonly fileSystem: { hashFile(path: string): string; readonly projectFiles: ProjectFiles };
  /** Says of modules, and of the files that they import, that they are about to be read. */
  code(modules: readonly { readonly path: string }[]): Promise<void>;
}

export function observed(onRead: ((path: string) => void) | undefined): Reading {
  const files = projectFiles();
  const say = onRead ?? (() => {});
  return {
    readFile(path) {
      say(path);
      return readFileSync(path, "utf8");
    },
    fileSystem: {
      hashFile(path) {
        say(path);
        return fileDigest(path);
      },
      projectFiles: {
        ...files,
        namesOf(written, from) {
          say(resolve(dirname(from), written));
          return files.namesOf(written, from);
        },
      },
    },
    async code(modules) {
      if (!onRead) return;
      for (const { path } of modules) {
        // One that cannot be read is reported when it is loaded.
        for (const file of await codeFiles(path).catch(() => [path])) say(file);
        say(path);
      }
    },
  };
}
