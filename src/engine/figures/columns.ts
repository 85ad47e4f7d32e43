/**
 * Finds what a Vega-Lite view says of columns: those that it reads must be in the table, or made by a
 * transform above. Also refuses what would read from outside. Draws nothing and loads no Vega.
 */
import type { Columns } from "../../table/schema.ts";
import { quote } from "../../text/quote.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { entriesOf, get, plain, type Tree } from "../language/tree.ts";

/** Columns that a view may read; undefined where they cannot be known before it is drawn. */
type Known = ReadonlySet<string> | undefined;

/** Checks a view and those inside it. */
export function checkView(view: Tree, columns: Columns, from: string, problems: Problems): void {
  new ViewCheck(from, problems).view(view, new Set(Object.keys(columns)));
}

const marks = [
  ...["arc", "area", "bar", "boxplot", "circle", "errorband", "errorbar", "geoshape", "line"],
  ...["point", "rect", "rule", "square", "text", "tick", "trail"],
];
const inner = ["layer", "concat", "hconcat", "vconcat"];
/** Keys whose values are names of columns, one or a list. */
const naming = ["field", "argmin", "argmax"];
/** The same within a transform; others there are ways and not names. */
const namingInTransform = [
  ...["groupby", "fold", "flatten", "density", "quantile", "regression", "on", "loess", "pivot"],
  ...["value", "impute", "key", "stack", "lookup", "extent"],
];
/** What is written beside a view: their expressions read labels, and no rows. */
const guides = ["axis", "legend", "header"];
const expressions = ["calculate", "filter", "test"];

class ViewCheck {
  readonly #from: string;
  readonly #problems: Problems;

  constructor(from: string, problems: Problems) {
    this.#from = from;
    this.#problems = problems;
  }

  view(tree: Tree, above: Known): void {
    let known = above;
    for (const [key, { key: at, value }] of entriesOf(tree)) {
      if (key !== "data" && key !== "datasets") continue;
      known = undefined;
      if (!get(value, "from") && !get(value, "of")) continue;
      const hint = "join the sources: data: { axis: kind, of: { … } }, and filter by that axis";
      this.#problems.error("invalid-value", "only a whole figure has data", at, { hint });
    }
    const transforms = get(tree, "transform");
    for (const step of transforms?.kind === "list" ? transforms.items : []) {
      this.#names(step, known, namingInTransform);
      const made = madeBy(step);
      known = known && made && new Set([...known, ...made]);
    }
    for (const [key, { value }] of entriesOf(tree)) {
      if (inner.includes(key)) {
        for (const child of value.kind === "list" ? value.items : []) this.view(child, known);
      } else if (key === "spec") this.view(value, known);
      else if (key === "repeat") this.#repeated(value, known);
      else if (key === "data") this.#outside(value);
      else if (key !== "transform") this.#names(value, known, []);
    }
    const mark = get(tree, "mark");
    const type = mark?.kind === "map" ? get(mark, "type") : mark;
    if (type) this.#mark(type);
  }

  #mark(type: Tree): void {
    const name = plain(type);
    if (name === "image") {
      const hint = '"image: true" shows a picture of a program, "tiles" lists of numbers';
      this.#problems.error("invalid-value", "a figure has no images by address", type.span, {
        hint,
      });
    } else if (typeof name !== "string" || !marks.includes(name)) {
      const hint = suggest(String(name), marks);
      this.#problems.error("invalid-value", `there is no mark ${quote(name)}`, type.span, { hint });
    }
  }

  #names(tree: Tree, known: Known, more: readonly string[]): void {
    if (tree.kind === "list") for (const item of tree.items) this.#names(item, known, more);
    for (const [key, { key: at, value }] of entriesOf(tree)) {
      if (key === "href" || key === "url") this.#refuse(key, at);
      if (key === "data") this.#outside(value);
      if (key === "values" || key === "data" || guides.includes(key)) continue;
      if (expressions.includes(key) && value.kind === "scalar") this.#expression(value, known);
      else if (naming.includes(key) || more.includes(key)) this.#column(value, known);
      if (value.kind !== "scalar") this.#names(value, known, more);
    }
  }

  /** Data of a view's own may hold anything, but nothing may be fetched. */
  #outside(tree: Tree): void {
    for (const [key, { key: at }] of entriesOf(tree)) {
      if (key === "url" || key === "name") this.#refuse(key, at);
    }
  }

  #refuse(key: string, at: Tree["span"]): void {
    const hint =
      "its data are artifacts: data: { from: stage.port }, or { values: [...] } in a layer";
    const message = `${quote(key)} is not possible here: a figure reads nothing from outside`;
    this.#problems.error("invalid-value", message, at, { hint });
  }

  #repeated(tree: Tree, known: Known): void {
    if (tree.kind === "list") for (const item of tree.items) this.#column(item, known);
    for (const { value } of entriesOf(tree).values()) this.#repeated(value, known);
  }

  #column(tree: Tree, known: Known): void {
    if (tree.kind === "list") for (const item of tree.items) this.#column(item, known);
    if (!known || tree.kind !== "scalar" || typeof tree.value !== "string") return;
    if (!known.has(nameOf(tree.value, known))) this.unknown(tree.value, tree, known);
  }

  #expression(tree: Tree, known: Known): void {
    const text = String(plain(tree));
    const read = [
      ...text.matchAll(/\bdatum(?:\.([A-Za-z_$][\w$]*)|\[\s*(?:'([^']*)'|"([^"]*)"))/g),
    ];
    for (const [, a, b, c] of known ? read : []) {
      const name = a ?? b ?? c!;
      if (!known!.has(name)) this.unknown(name, tree, known!);
    }
  }

  unknown(name: string, { span }: Tree, known: Iterable<string>): void {
    const message = `${this.#from} has no column ${quote(name)}`;
    this.#problems.error("unknown-column", message, span, { hint: suggest(name, known) });
  }
}

/** Vega-Lite reads into an object by `a.b` and `a[0]`, and takes `a\.b` for a name. */
function nameOf(field: string, known: ReadonlySet<string>): string {
  const plainName = field.replaceAll("\\", "");
  return known.has(plainName) ? plainName : /^[^.[]*/.exec(field)![0];
}

/** Columns that a step without `as` makes. */
const usual: Record<string, readonly string[]> = {
  fold: ["key", "value"],
  density: ["value", "density"],
  quantile: ["prob", "value"],
};

/** What a step adds; undefined if that depends on the rows. */
function madeBy(step: Tree): readonly string[] | undefined {
  const keys = [...entriesOf(step).keys()];
  if (keys.includes("pivot") || keys.includes("lookup")) return undefined;
  const as = get(step, "as");
  const own = as && [plain(as)].flat().map(String);
  const parts = ["aggregate", "joinaggregate", "window"].map((key) => get(step, key));
  const inside = parts.flatMap((part) => (part?.kind === "list" ? part.items : []));
  return [
    ...(own ?? keys.flatMap((key) => usual[key] ?? [])),
    ...inside.flatMap((part) => {
      const name = get(part, "as");
      return name ? String(plain(name)) : [];
    }),
    ...(keys.includes("regression") && get(step, "params") ? ["coef", "rSquared"] : []),
  ];
}
