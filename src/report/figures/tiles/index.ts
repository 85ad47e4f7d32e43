/**
 * Draws lists of a fixed size as small pictures in a labelled grid: labels and the bar of colours are
 * text and shapes, the pictures of a cell are one PNG.
 */
import type { Figure } from "../../../engine/index.ts";
import { frame, textAt } from "../frame.ts";
import type { Data, Look, Sketch } from "../sketch.ts";
import { fitText, widthOf } from "../text-width.ts";
import { colours } from "../theme.ts";
import { rangeOf, type Scale, scaleOf } from "./colours.ts";
import { legend, short } from "./legend.ts";
import { type Grid, readGrid } from "./read.ts";
import { heightOf, picture, tileGap } from "./sprite.ts";

type Tiles = Extract<Figure["body"], { kind: "tiles" }>["tiles"];

export async function drawTiles(
  figure: Figure,
  tiles: Tiles,
  data: Data,
  look: Look,
): Promise<Sketch> {
  const grid = await readGrid(figure, tiles, data);
  if (grid.rows.length === 0) throw new Error("no row has what it selects");
  const scale = scaleFor(grid, tiles);
  const layout = layOut(grid, tiles, look.width ?? 640);
  const lines: string[] = [];
  let y = 0;
  for (const [c, label] of tiles.columns ? grid.columns.entries() : []) {
    const x = layout.left + c * (layout.cellWidth + cellGap);
    lines.push(textAt(fitText(label, 13, layout.cellWidth), x, 13, 13, colours["text"]!));
    y = 22;
  }
  for (const [r, label] of grid.rows.entries()) {
    const cells = grid.cells[r]!;
    const heights = cells.map((cell) => heightOf(cell, layout));
    const height = Math.max(minHeight, ...heights);
    const range = tiles.per === "row" ? rangeIn(scale, cells) : undefined;
    const shown = fitText(nameOf(label, tiles), 12, layout.left - 8);
    const middle = y + height / 2 + (range ? -3 : 4);
    lines.push(textAt(shown, 0, middle, 12, colours["text"]!));
    if (range) lines.push(textAt(spanOf(range, scale), 0, middle + 15, 11, colours["muted"]!));
    for (const [c, cell] of cells.entries()) {
      if (cell.length === 0) continue;
      const place = { x: layout.left + c * (layout.cellWidth + cellGap), y, height: heights[c]! };
      const own = tiles.per === "tile" ? "own" : range;
      lines.push(picture(cell, place, layout, scale, own));
    }
    y += height + cellGap;
  }
  lines.push(legend(scale, tiles.per, layout.left, y + 4, colours));
  const notes = [...data.notes, ...grid.notes];
  const size = { width: layout.width, height: y + 32 };
  return { svg: frame(figure, lines.join(""), size, notes, look), notes: grid.notes };
}

const cellGap = 10;
const minHeight = 16;

interface Layout {
  readonly width: number;
  /** Where the tiles begin, right of the labels. */
  readonly left: number;
  readonly cellWidth: number;
  readonly perLine: number;
  /** How wide a tile is, with the gap behind it. */
  readonly tile: number;
}

function layOut(grid: Grid, tiles: Tiles, width: number): Layout {
  const labels = grid.rows.map((row) => widthOf(nameOf(row, tiles), 12));
  if (tiles.per === "row") labels.push(widthOf("−0.000 to 0.000", 11));
  const widest = Math.max(0, ...labels);
  const left = widest === 0 ? 0 : Math.ceil(Math.min(width * 0.4, widest)) + 12;
  const count = grid.columns.length;
  const room = (width - left - (count - 1) * cellGap) / count;
  const most = Math.max(...grid.cells.flat().map((cell) => cell.length), 1);
  const perLine = Math.min(most, Math.max(most <= 8 ? most : 1, Math.floor(room / 44)));
  const tile = Math.max(12, Math.min(110, Math.floor((room + tileGap) / perLine)));
  const cellWidth = tile * perLine - tileGap;
  return { width: left + count * (cellWidth + cellGap) - cellGap, left, cellWidth, perLine, tile };
}

function nameOf(label: string, { rows }: Tiles): string {
  return rows ? `${rows}=${label}` : label;
}

function scaleFor(grid: Grid, { scale, per }: Tiles): Scale {
  const all = grid.cells.flat(2);
  const isSigned = all.some(({ values }) => values.some((value) => value < 0));
  const kind = scale ?? (grid.isBits ? "binary" : isSigned ? "diverging" : "sequential");
  if (grid.isBits || (per && per !== "figure")) return scaleOf(kind, 0, 1);
  return scaleOf(kind, ...rangeOf(kind, all));
}

function rangeIn({ kind }: Scale, cells: Grid["cells"][number]) {
  return rangeOf(kind, cells.flat());
}

function spanOf([low, high]: readonly [number, number], { kind }: Scale): string {
  return kind === "diverging" ? `±${short(high)}` : `${short(low)} to ${short(high)}`;
}
