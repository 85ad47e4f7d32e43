/**
 * Draws lists of a fixed size as small pictures in a labelled grid. The pictures of a cell are one PNG;
 * labels and the bar of colours are text and shapes.
 */
import type { Figure } from "../../../engine/index.ts";
import type { Data, Look, Sketch } from "../sketch.ts";
import { escapeXml } from "../svg.ts";
import { fitText, widthOf } from "../text-width.ts";
import { coloursOf, fontFamily } from "../theme.ts";
import { rangeOf, type Scale, scaleOf } from "./colours.ts";
import { encodePng } from "./png.ts";
import { type Grid, readGrid, type Tile } from "./read.ts";

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
  const colours = coloursOf(look.theme);
  const notes = [...data.notes, ...grid.notes];
  const lines: string[] = [];
  let y = margin;
  if (look.theme !== "page") {
    lines.push(text(figure.title ?? figure.name, margin, y + 15, 15, colours["text"]!, "600"));
    y += 24;
    if (notes.length > 0) lines.push(text(notes.join("; "), margin, y + 11, 11, colours["muted"]!));
    y += notes.length > 0 ? 22 : 6;
  }
  if (tiles.columns) {
    for (const [c, label] of grid.columns.entries()) {
      const x = layout.left + c * (layout.cellWidth + cellGap);
      lines.push(text(fitText(label, 13, layout.cellWidth), x, y + 13, 13, colours["text"]!));
    }
    y += 22;
  }
  for (const [r, label] of grid.rows.entries()) {
    const heights = grid.cells[r]!.map((cell) => heightOf(cell, layout));
    const height = Math.max(minHeight, ...heights);
    const named = tiles.rows ? `${tiles.rows} ${label}` : label;
    const shown = fitText(named, 12, layout.left - margin - 8);
    lines.push(text(shown, margin, y + height / 2 + 4, 12, colours["text"]!));
    for (const [c, cell] of grid.cells[r]!.entries()) {
      if (cell.length === 0) continue;
      const x = layout.left + c * (layout.cellWidth + cellGap);
      lines.push(picture(cell, { x, y, height: heights[c]! }, layout, scale, tiles));
    }
    y += height + cellGap;
  }
  lines.push(legend(scale, tiles, layout.left, y + 4, colours));
  const [width, height] = [layout.width, Math.ceil(y + 40)];
  const surface =
    look.theme === "page"
      ? ""
      : `<rect width="${width}" height="${height}" fill="${colours["surface"]}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fontFamily}">${surface}${lines.join("")}</svg>`;
  return { svg, notes: grid.notes };
}

const margin = 10;
const cellGap = 10;
const minHeight = 16;

interface Layout {
  readonly width: number;
  readonly left: number;
  readonly cellWidth: number;
  readonly perLine: number;
  readonly tile: number;
}

function layOut(grid: Grid, { rows, limit }: Tiles, width: number): Layout {
  const labels = grid.rows.map((row) => widthOf(rows ? `${rows} ${row}` : row, 12));
  const left = Math.ceil(Math.min(width * 0.35, Math.max(0, ...labels) + 10)) + margin;
  const count = grid.columns.length;
  const room = (width - left - margin - (count - 1) * cellGap) / count;
  const most = Math.max(...grid.cells.flat().map((cell) => cell.length), 1);
  const perLine = Math.min(most, Math.max(1, limit && limit <= 8 ? limit : Math.floor(room / 44)));
  const tile = Math.max(12, Math.min(96, Math.floor(room / perLine)));
  const cellWidth = tile * perLine;
  const used = left + count * (cellWidth + cellGap) + margin;
  return { width: Math.max(width, Math.ceil(used)), left, cellWidth, perLine, tile };
}

/** One pixel of a tile is the gap between two. */
function spriteOf(cell: readonly Tile[], perLine: number) {
  const width = Math.max(...cell.map((tile) => tile.width));
  const height = Math.max(...cell.map((tile) => tile.height));
  const across = Math.min(perLine, cell.length);
  const down = Math.ceil(cell.length / perLine);
  return { width, height, across, full: across * (width + 1) - 1, tall: down * (height + 1) - 1 };
}

function heightOf(cell: readonly Tile[], { perLine, tile }: Layout): number {
  if (cell.length === 0) return 0;
  const { width, height, tall } = spriteOf(cell, perLine);
  return Math.max(minHeight, (tall * tile) / (width + 1) || height);
}

function picture(
  cell: readonly Tile[],
  { x, y, height }: { x: number; y: number; height: number },
  { perLine, tile }: Layout,
  scale: Scale,
  { per }: Tiles,
): string {
  const { width, height: rows, across, full, tall } = spriteOf(cell, perLine);
  const pixels = new Uint8Array(full * tall);
  for (const [i, one] of cell.entries()) {
    const [left, top] = [(i % perLine) * (width + 1), Math.floor(i / perLine) * (rows + 1)];
    const range = per === "tile" ? rangeOf(scale.kind, one.values) : undefined;
    for (const [at, value] of one.values.entries()) {
      const place = (top + Math.floor(at / one.width)) * full + left + (at % one.width);
      pixels[place] = scale.indexOf(value, range);
    }
  }
  const png = encodePng({ width: full, height: tall, pixels }, scale.palette);
  const size = `width="${round((full * tile) / (width + 1))}" height="${round(height)}"`;
  const href = `data:image/png;base64,${png.toString("base64")}`;
  return `<image x="${round(x)}" y="${round(y)}" ${size} preserveAspectRatio="none" image-rendering="optimizeSpeed" style="image-rendering:pixelated" href="${href}" data-tiles="${across}"/>`;
}

function scaleFor(grid: Grid, { scale, per }: Tiles): Scale {
  const values = () => grid.cells.flat(2).flatMap((tile) => tile.values);
  const usual = () => (values().some((value) => value < 0) ? "diverging" : "sequential");
  const kind = scale ?? (grid.isBits ? "binary" : usual());
  const range =
    per === "tile" ? ([kind === "diverging" ? -1 : 0, 1] as const) : rangeOf(kind, values());
  return scaleOf(kind, ...(grid.isBits ? ([0, 1] as const) : range));
}

function legend(
  { kind, stops, low, high }: Scale,
  { per }: Tiles,
  x: number,
  y: number,
  colours: Readonly<Record<string, string>>,
): string {
  const muted = colours["muted"]!;
  const border = `stroke="${colours["axis"]}" stroke-width="1"`;
  if (kind === "binary") {
    const names =
      low === 0 && high === 1 ? ["0 (spin −1)", "1 (spin +1)"] : [String(low), String(high)];
    return names
      .map((name, i) => {
        const left = x + i * 110;
        const box = `<rect x="${left}" y="${y}" width="12" height="12" fill="${stops[i]}" ${border}/>`;
        return box + text(name, left + 18, y + 10, 11, muted);
      })
      .join("");
  }
  const width = 160;
  const parts = stops.map((stop, i) => {
    return `<stop offset="${i / (stops.length - 1)}" stop-color="${stop}"/>`;
  });
  const gradient = `<defs><linearGradient id="bar">${parts.join("")}</linearGradient></defs>`;
  const bar = `<rect x="${x}" y="${y}" width="${width}" height="10" fill="url(#bar)" ${border}/>`;
  const ends = per === "tile" ? ["lowest of a tile", "highest"] : [short(low), short(high)];
  const zero =
    kind === "diverging" ? text("0", x + width / 2, y + 24, 11, muted, "400", "middle") : "";
  const first = text(ends[0]!, x, y + 24, 11, muted);
  return gradient + bar + first + zero + text(ends[1]!, x + width, y + 24, 11, muted, "400", "end");
}

function text(
  content: string,
  x: number,
  y: number,
  size: number,
  fill: string,
  weight = "400",
  anchor = "start",
): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${fill}">${escapeXml(content)}</text>`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
