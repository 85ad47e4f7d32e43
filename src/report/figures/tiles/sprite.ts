/** The tiles of a cell → one PNG in its place. */
import { rangeOf, type Scale } from "./colours.ts";
import { encodePng } from "./png.ts";
import type { Tile } from "./read.ts";

interface Sizes {
  readonly perLine: number;
  /** How wide a tile is, with the gap behind it. */
  readonly tile: number;
}

/** Between tiles. */
export const tileGap = 3;
/** Rows of one pixel would be a hair. */
const leastHeight = 10;
/** A column of thousands would be a page of its own. */
const mostHeight = 640;

function shapeOf(cell: readonly Tile[], { perLine, tile }: Sizes) {
  const width = Math.max(...cell.map((one) => one.width));
  const height = Math.max(...cell.map((one) => one.height));
  const across = Math.min(perLine, cell.length);
  const down = Math.ceil(cell.length / perLine);
  const shownWidth = tile - tileGap;
  const asWide = (shownWidth * height) / width;
  const shownHeight = Math.min(mostHeight, Math.max(leastHeight, asWide));
  return { width, height, across, down, shownWidth, shownHeight };
}

export function heightOf(cell: readonly Tile[], sizes: Sizes): number {
  if (cell.length === 0) return 0;
  const { down, shownHeight } = shapeOf(cell, sizes);
  return down * (shownHeight + tileGap) - tileGap;
}

/** @param range - what the ends of the scale stand for: those of the scale, these, or each tile's own */
export function picture(
  cell: readonly Tile[],
  place: { readonly x: number; readonly y: number; readonly height: number },
  sizes: Sizes,
  scale: Scale,
  range: readonly [number, number] | "own" | undefined,
): string {
  const { width, height, across, down, shownWidth, shownHeight } = shapeOf(cell, sizes);
  // Programs smooth a picture that they enlarge: make it as large as anybody shows it.
  const zoom = Math.max(1, Math.ceil((2 * shownWidth) / width));
  const zoomY = Math.max(1, Math.ceil((2 * shownHeight) / height));
  const gap = Math.max(1, Math.round((tileGap * zoom * width) / shownWidth));
  const gapY = Math.max(1, Math.round((tileGap * zoomY * height) / shownHeight));
  const full = across * (width * zoom + gap) - gap;
  const tall = down * (height * zoomY + gapY) - gapY;
  const pixels = new Uint8Array(full * tall);
  for (const [i, one] of cell.entries()) {
    const left = (i % sizes.perLine) * (width * zoom + gap);
    const top = Math.floor(i / sizes.perLine) * (height * zoomY + gapY);
    const ends = range === "own" ? rangeOf(scale.kind, [one]) : range;
    const colours = one.values.map((value) => scale.indexOf(value, ends));
    for (let y = 0; y < one.height * zoomY; y++) {
      const from = Math.floor(y / zoomY) * one.width;
      const at = (top + y) * full + left;
      for (let x = 0; x < one.width * zoom; x++) {
        pixels[at + x] = colours[from + Math.floor(x / zoom)]!;
      }
    }
  }
  const png = encodePng({ width: full, height: tall, pixels }, scale.palette).toString("base64");
  const shown = across * (shownWidth + tileGap) - tileGap;
  const box = `x="${place.x}" y="${place.y}" width="${shown}" height="${place.height}"`;
  return `<image ${box} preserveAspectRatio="none" href="data:image/png;base64,${png}"/>`;
}
