/** `blockspin export --crate`: writes a run as a Workflow Run RO-Crate. */
import { UsageError, writeCrate } from "../../index.ts";
import { open } from "../open.ts";
import { err, out } from "../print/terminal.ts";
import { version } from "../version.ts";
import { type ExportFlags, tableFormat } from "./export.ts";

export async function exportCrate(
  file: string,
  patterns: readonly string[],
  options: ExportFlags & { readonly crate: string },
): Promise<number> {
  const { crate, out: path, column, license, run = "latest" } = options;
  const format = tableFormat(options.format) ?? "arrow";
  if (path !== undefined || column !== undefined) {
    throw new UsageError("--crate writes a folder of whole tables", "leave out --out and --column");
  }
  if (format === "npy") {
    throw new UsageError(
      "a crate holds whole tables, and an NPY file one column",
      "give --format csv",
    );
  }
  await writeCrate({
    ...{ folder: crate, run, patterns, format, license, software: version() },
    open: (names) => open(file, options, names),
  });
  if (license === undefined) {
    err.print("warning[license]: the crate states no license; --license adds one");
  }
  out.data(`${crate}\n`);
  return 0;
}
