/** Writes the files that a command makes. Knows no format. */
import {
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Pieces, writePieces } from "../formats/encode.ts";
import { writing } from "../index.ts";

/**
 * Writes a whole file or nothing: the old file stays until the new one is complete. A link stays and
 * leads to the new file. What is not a file, such as /dev/stdout, is written to directly.
 */
export function writeFile(given: string, pieces: Pieces): void {
  writing(given, () => {
    const there = existsSync(given) ? statSync(given) : undefined;
    if (there && !there.isFile() && !there.isDirectory()) {
      writePieces(openSync(given, "w"), pieces);
      return;
    }
    const path = there ? realpathSync(given) : given;
    const unfinished = `${path}.${process.pid}.tmp`;
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(unfinished, "wx");
    try {
      writePieces(file, pieces);
      renameSync(unfinished, path);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  });
}
