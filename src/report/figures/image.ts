/**
 * Shows pictures that programs made. Each is embedded as an image, never as markup: what is in it can
 * neither run nor fetch anything. Knows nothing of the program.
 */
import type { Figure } from "../../engine/index.ts";
import { readArtifact } from "../../store/tables.ts";
import { frame, textAt } from "./frame.ts";
import type { Data, Look, Sketch } from "./sketch.ts";
import { fitText } from "./text-width.ts";
import { colours } from "./theme.ts";

interface Picture {
  readonly label: string;
  readonly href: string;
  readonly width: number;
  readonly height: number;
}

const most = 24;
const gap = 12;
/** A picture of a million lines would be a page of its own. */
const mostHeight = 1200;

export async function drawImage(figure: Figure, data: Data, look: Look): Promise<Sketch> {
  const pictures = await readPictures(figure, data);
  const muted = colours["muted"]!;
  const width = look.width ?? 640;
  const across = Math.min(3, pictures.length);
  const room = (width - gap * (across - 1)) / across;
  const labels = pictures.length > 1 ? 20 : 0;
  const parts: string[] = [];
  let y = 0;
  for (let i = 0; i < pictures.length; i += across) {
    const line = pictures.slice(i, i + across);
    const sizes = line.map((one) => Math.min(1, room / one.width, mostHeight / one.height));
    const tall = Math.max(...line.map((one, k) => one.height * sizes[k]!));
    for (const [k, { label, href, width: w, height: h }] of line.entries()) {
      const x = k * (room + gap);
      if (labels > 0) parts.push(textAt(fitText(label, 12, room), x, y + 13, 12, muted));
      const size = `width="${w * sizes[k]!}" height="${h * sizes[k]!}"`;
      parts.push(`<image x="${x}" y="${y + labels}" ${size} href="${href}"/>`);
    }
    y += tall + labels + gap;
  }
  const all = data.sources.length;
  const notes = all > most ? [`${most} of ${all} pictures`] : [];
  const size = { width, height: y - gap };
  const svg = frame(figure, parts.join(""), size, [...data.notes, ...notes], look);
  return { svg, notes };
}

async function readPictures({ axes }: Figure, { store, sources }: Data): Promise<Picture[]> {
  const varying = Object.keys(axes).filter((axis) => axes[axis]!.length > 1);
  const pictures: Picture[] = [];
  for (const { coordinate, artifact } of sources.slice(0, most)) {
    const label = varying
      .filter((axis) => Object.hasOwn(coordinate, axis))
      .map((axis) => `${axis}=${coordinate[axis]}`)
      .join(", ");
    for await (const { rows, columns } of readArtifact(store, artifact)) {
      for (let i = 0; i < rows; i++) {
        const bytes = Buffer.from((columns["bytes"] as readonly Uint8Array[])[i]!);
        const type = (columns["media_type"] as readonly string[])[i]!;
        const size = type === "image/png" ? pngSize(bytes) : svgSize(bytes.toString("utf8"));
        const href = `data:${type === "image/png" ? type : "image/svg+xml"};base64,${bytes.toString("base64")}`;
        pictures.push({ label, href, ...size });
      }
    }
  }
  return pictures;
}

function pngSize(bytes: Buffer): { width: number; height: number } {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** In pixels, as far as the root element says. */
function svgSize(markup: string): { width: number; height: number } {
  const root = /<svg\b[^>]*>/.exec(markup)?.[0] ?? "";
  const units: Record<string, number> = {
    "": 1,
    px: 1,
    pt: 4 / 3,
    in: 96,
    cm: 96 / 2.54,
    mm: 9.6 / 2.54,
  };
  const length = (name: string) => {
    const found = new RegExp(`\\s${name}\\s*=\\s*["']([\\d.]+)(px|pt|in|cm|mm)?["']`).exec(root);
    return found ? Number(found[1]) * units[found[2] ?? ""]! : undefined;
  };
  const box = /\sviewBox\s*=\s*["']([^"']+)["']/
    .exec(root)?.[1]
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const [width, height] = [length("width") ?? box?.[2], length("height") ?? box?.[3]];
  const usable = (value: number | undefined) => value !== undefined && value > 0 && value < 1e5;
  return usable(width) && usable(height)
    ? { width: width!, height: height! }
    : { width: 640, height: 480 };
}
