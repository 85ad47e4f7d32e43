/**
 * Keeps what YAML files were read as in the store, since reading a long one takes a fifth of the time
 * of a run that finds nothing to do. What is kept counts only for the very same text, and while its own
 * digest holds: damaged, torn or of another format, it is a miss. Nothing but time is ever lost.
 */
import { join } from "node:path";
import { canonicalJson, sha256 } from "../../store/digest.ts";
import { isFolder, readBytes, replace } from "../../store/files.ts";
import { shelfPath } from "../../store/layout.ts";
import type { Checked, Source } from "../language/diagnostic.ts";
import { parseYaml } from "../language/parse.ts";
import type { Tree } from "../language/tree.ts";
import { treeOfText, treeText } from "../language/tree-text.ts";

/** Rises when `parseYaml` reads a text in another way, or what is kept has another form. */
const version = 1;

/** Characters; a shorter text is read as quickly. */
const shortest = 4096;

/** Reads YAML as `parseYaml` does. @param cache - the store's folder, which need not exist */
export function keptYaml(cache: string): (source: Source) => Checked<Tree> {
  return (source) => {
    if (source.text.length < shortest) return parseYaml(source);
    const name = sha256(canonicalJson([source.file ?? source.path])).slice("sha256:".length);
    const path = join(shelfPath(cache, "trees"), name);
    const known = lookUp(path, source);
    if (known) return { value: known, diagnostics: [] };
    const read = parseYaml(source);
    // What warns of something is read again, so that it warns again.
    if (read.value && read.diagnostics.length === 0) keep(cache, path, read.value, source);
    return read;
  };
}

function lookUp(path: string, source: Source): Tree | undefined {
  try {
    const bytes = readBytes(path);
    if (!bytes) return undefined;
    const [digest, tree = ""] = Buffer.from(bytes.buffer).toString("utf8").split("\n");
    return digest === digestOf(source, tree) ? treeOfText(tree, source) : undefined;
  } catch {
    return undefined;
  }
}

function keep(cache: string, path: string, tree: Tree, source: Source): void {
  const tmp = shelfPath(cache, "tmp");
  // A store begins with a run that computes.
  if (!isFolder(tmp)) return;
  const text = treeText(tree, source);
  if (text === undefined) return;
  try {
    replace(tmp, path, Buffer.from(`${digestOf(source, text)}\n${text}`), 0o644);
  } catch {
    // A store that may only be read, or a full one.
  }
}

/** Of the text and of what it was read as: neither counts without the other. */
function digestOf({ text }: Source, tree: string): string {
  return sha256(`${version} ${sha256(text)}\n${tree}`);
}
