/** A figure as it is written → plain data, checked against the columns of its rows. */
import type { Columns, ColumnType, FixedColumn } from "../../table/schema.ts";
import { quote } from "../../text/quote.ts";
import type { FigureBody, Tiles } from "../graph.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { entriesOf, get, type MapTree, plain, type Tree } from "../language/tree.ts";
import { own } from "../own.ts";
import { checkView } from "./columns.ts";

/** What the rows of a figure have. */
export interface Offer {
  /** What to call the table in a message. */
  readonly name: string;
  readonly columns: Columns;
  /** The columns of each artifact: lists may have another size in each. */
  readonly tables: readonly Columns[];
}

export function bodyOf(tree: MapTree, offer: Offer, problems: Problems): FigureBody {
  const tiles = get(tree, "tiles");
  if (tiles) {
    checkTiles(tiles, offer, problems);
    return { kind: "tiles", tiles: plain(tiles) as Tiles };
  }
  const image = tree.entries.get("image");
  if (image) {
    const hint = "its data are an output of a program that is declared as png or svg";
    if (!isImage(offer.columns)) {
      const message = `${offer.name} holds no images`;
      problems.error("invalid-value", message, image.key, { hint });
    }
    return { kind: "image" };
  }
  const outer = new Set(["title", "text", "port"]);
  const entries = new Map([...tree.entries].filter(([key]) => !outer.has(key)));
  const view: MapTree = { ...tree, entries };
  checkView(view, offer.columns, offer.name, problems);
  return { kind: "vega-lite", spec: plain(view) as Readonly<Record<string, unknown>> };
}

/** The columns of an image: its bytes, and what they are. */
function isImage(columns: Columns): boolean {
  const [bytes, type] = [own(columns, "bytes"), own(columns, "media_type")];
  return bytes?.type === "list" && bytes.item === "uint8" && type?.type === "utf8";
}

function checkTiles(tiles: Tree, offer: Offer, problems: Problems): void {
  const known = Object.keys(offer.columns);
  const check = (name: string, span: Tree["span"]) => {
    if (Object.hasOwn(offer.columns, name)) return;
    const message = `${offer.name} has no column ${quote(name)}`;
    problems.error("unknown-column", message, span, { hint: suggest(name, known) });
  };
  for (const key of ["column", "rows", "columns"]) {
    const tree = get(tiles, key);
    if (tree) check(String(plain(tree)), tree.span);
  }
  for (const [name, { key }] of entriesOf(get(tiles, "where"))) check(name, key);
  const column = get(tiles, "column")!;
  const name = String(plain(column));
  const shape = get(tiles, "shape");
  const asked = shape && (plain(shape) as number[]);
  for (const table of offer.tables) {
    const type = own(table, name);
    if (!type) continue;
    if (!isPixels(type)) {
      const message = `column ${quote(name)} holds no lists of a fixed size`;
      problems.error("invalid-value", message, column.span);
      return;
    }
    const size = type.size as number;
    const area = asked?.reduce((product, n) => product * n, 1);
    if (shape && size % area! !== 0) {
      const message = `the ${size} items of ${quote(name)} are not tiles of shape ${JSON.stringify(asked)}`;
      problems.error("size-mismatch", message, shape.span);
      return;
    }
  }
}

function isPixels(type: ColumnType): type is FixedColumn {
  return type.type === "fixed_size_list";
}
