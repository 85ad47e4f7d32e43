/** Checks the figures that a node type declares, which may be written in a language without types. */
import type { Span } from "../language/diagnostic.ts";
import { Problems } from "../language/problems.ts";
import { type MapTree, treeOf } from "../language/tree.ts";
import { report, validate } from "../language/validate.ts";
import type { AnyNodeType, NodeFigure, Ports } from "../node-type.ts";
import { bodyOf } from "./body.ts";
import { checkKind } from "./kind.ts";
import { nodeFigure } from "./schema.ts";

const nowhere: Span = { source: { path: "", text: "" }, start: 0, end: 0 };

/** A flaw of a node type's figures; `undefined` if there is none. */
export function flawOfFigures(type: Pick<AnyNodeType, "figures" | "outputs">): string | undefined {
  const { figures = {}, outputs } = type;
  if (typeof figures !== "object" || figures === null) return "figures must be an object";
  for (const [name, figure] of Object.entries(figures as Record<string, NodeFigure>)) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
      return `figures: ${JSON.stringify(name)} must be kebab-case`;
    }
    if (typeof figure !== "object" || figure === null) return `figures.${name} must be an object`;
    // A function of the parameters says more only for a stage.
    const flaw = flawOf(name, figure, typeof outputs === "function" ? undefined : outputs);
    if (flaw) return `figures.${name}: ${flaw}`;
  }
  return undefined;
}

function flawOf(name: string, figure: NodeFigure, outputs: Ports | undefined): string | undefined {
  const problems = new Problems();
  const tree = treeOf(figure, nowhere) as MapTree;
  report(
    validate(nodeFigure, structuredClone(figure)).errors,
    { tree, span: nowhere, word: "key" },
    problems,
  );
  if (!problems.failed) checkKind(name, tree, nowhere, problems);
  if (!problems.failed && outputs) {
    const names = Object.keys(outputs);
    const main = names.length === 1 ? names[0] : names.find((port) => outputs[port]!.main);
    const port = figure.port ?? main;
    if (port === undefined) return "it must name an output port";
    if (!Object.hasOwn(outputs, port)) return `there is no output port ${JSON.stringify(port)}`;
    const { columns } = outputs[port]!;
    // The axes of a stage are columns too, and none is known here.
    bodyOf(tree, { name: port, columns, tables: [columns] }, problems);
  }
  const [first] = problems.list();
  return first && (first.hint ? `${first.message} (${first.hint})` : first.message);
}
