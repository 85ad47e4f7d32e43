/** `blockspin export --figure`, `--figures`: writes figures as SVG or PNG. */
import { mkdirSync } from "node:fs";
import { extname, join } from "node:path";
import { UsageError, writing } from "../../index.ts";
import { safeNames } from "../../text/file-names.ts";
import { drawn, findFigure } from "../figures.ts";
import { open } from "../open.ts";
import { err, out } from "../print/terminal.ts";
import { writeFile } from "../write-file.ts";
import { type ExportFlags, isFolder, type PictureFormat } from "./export.ts";

export async function exportFigures(
  file: string,
  patterns: readonly string[],
  options: ExportFlags,
): Promise<number> {
  const { figure: name, out: path, theme = "light", width } = options;
  if (patterns.length > 0 || options.column !== undefined) {
    throw new UsageError("a figure is exported alone", "leave out the patterns and --column");
  }
  if (path === undefined) {
    const hint =
      name === undefined ? "--out FOLDER/" : "--out FILE.svg, --out FILE.png or --out FOLDER/";
    throw new UsageError("figures are written to files", hint);
  }
  const folder = name === undefined || isFolder(path);
  const format = formatOf(path, folder, options.format);
  const opened = await open(file, options);
  const all = opened.graph.figures;
  const chosen = name === undefined ? all : [findFigure(opened, name)];
  if (chosen.length === 0)
    throw new UsageError("there are no figures", 'declare some under "figures:"');
  const names = safeNames(
    all.map((figure) => figure.name),
    `.${format}`,
    (text) => text.replaceAll("/", "."),
  );
  if (folder) writing(path, () => void mkdirSync(path, { recursive: true }));
  let written = 0;
  for await (const one of drawn(opened, chosen, format, { theme, ...(width ? { width } : {}) })) {
    const { figure } = one;
    if ("missing" in one) {
      err.print(`warning[no-figure]: ${figure.name}: ${one.missing}`);
      continue;
    }
    for (const note of one.notes) err.print(`note: ${figure.name}: ${note}`);
    const target = folder ? join(path, names.get(figure.name)!) : path;
    writeFile(target, [one.content]);
    out.data(`${target}\n`);
    written++;
  }
  return written > 0 ? 0 : 1;
}

function formatOf(path: string, folder: boolean, asked: ExportFlags["format"]): PictureFormat {
  const format = asked ?? (folder ? "svg" : extname(path).slice(1).toLowerCase());
  if (format === "svg" || format === "png") return format;
  throw new UsageError(
    `a figure cannot be written as ${JSON.stringify(format)}`,
    "end the file in .svg or .png, or give --format",
  );
}
