/** `blockspin show --figure`: a figure as SVG, or the list of figures. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError, writing } from "../../index.ts";
import { safeNames } from "../../text/file-names.ts";
import { drawn, findFigure } from "../figures.ts";
import { type CommonOptions, open } from "../open.ts";
import { commandLine } from "../print/command.ts";
import { textTable } from "../print/table.ts";
import { err, out } from "../print/terminal.ts";

/** Lists the figures where none is named. */
export async function showFigure(
  file: string,
  name: string | undefined,
  options: CommonOptions,
): Promise<number> {
  const opened = await open(file, options);
  if (name === undefined) {
    const { figures } = opened.graph;
    const listed = figures.map((figure) => ({ name: figure.name, title: figure.title ?? "" }));
    if (options.json) out.json(listed);
    else
      out.text(
        textTable(
          ["figure", "title"],
          listed.map(({ name, title }) => [name, title]),
        ),
      );
    return 0;
  }
  const figure = findFigure(opened, name);
  for await (const one of drawn(opened, [figure], "svg", { theme: "light" })) {
    if ("missing" in one) {
      throw new UsageError(`${name}: ${one.missing}`, commandLine("run", file));
    }
    for (const note of one.notes) err.print(`note: ${note}`);
    // A terminal shows no pictures: say where one is.
    if (out.isTerminal) {
      const label = name.replaceAll("/", ".");
      // A folder of its own: another user could have put a link in the place of a known name.
      const path = join(
        mkdtempSync(join(tmpdir(), "blockspin-")),
        safeNames([label], ".svg").get(label)!,
      );
      writing(path, () => writeFileSync(path, one.content));
      out.print(path);
    } else out.data(one.content as string);
  }
  return 0;
}
