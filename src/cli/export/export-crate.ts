/** `blockspin export --crate`: a run of the journal as a Workflow Run RO-Crate, for a supplement. */
import { UsageError, writeCrate } from "../../index.ts";
import { open } from "../open.ts";
import { err, out } from "../print/terminal.ts";
import { version } from "../version.ts";
import type { ExportFlags } from "./export.ts";

export async function exportCrate(
  file: string,
  patterns: readonly string[],
  options: ExportFlags & { readonly crate: string },
): Promise<number> {
  const { crate, format = "arrow", out: path, column, license, run = "latest" } = options;
  if (path !== undefined || column !== undefined) {
    throw new UsageError(
      "--crate names a folder with whole tables",
      "leave out --out and --column",
    );
  }
  if (format === "npy") {
    throw new UsageError("a crate holds whole tables, an NPY file one column", "--format csv");
  }
  await writeCrate({
    ...{ folder: crate, run, patterns, format, license, software: version() },
    open: (names) => open(file, options, names),
  });
  if (license === undefined) {
    err.print("warning[license]: the crate says that no license is given");
  }
  out.data(`${crate}\n`);
  return 0;
}
