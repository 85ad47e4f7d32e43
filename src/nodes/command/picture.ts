/** Pictures that a program makes: one row of bytes. Looks at no more than whether it is a picture. */
import { ActionError, type Output, utf8 } from "../../engine/node-type.ts";

export type PictureType = "png" | "svg";

const mediaTypes = { png: "image/png", svg: "image/svg+xml" };

export const pictureColumns = {
  media_type: utf8,
  bytes: { type: "list", item: "uint8" },
} as const;

/** What a page can hold beside other pictures. */
const maxBytes = 8 * 1024 * 1024;

/** @param name - what messages call the file */
export async function readPicture(
  path: string,
  size: number,
  type: PictureType,
  name: string,
): Promise<Output> {
  if (size > maxBytes) {
    throw new ActionError(`${name} has ${size} bytes, and a picture may have ${maxBytes}`);
  }
  const { readFile } = await import("node:fs/promises");
  const bytes = new Uint8Array(await readFile(path));
  const flaw = type === "png" ? flawOfPng(bytes) : flawOfSvg(bytes);
  if (flaw) throw new ActionError(`${name} is not a picture: ${flaw}`);
  return { media_type: [mediaTypes[type]], bytes: [bytes] };
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The first chunk says how large it is, and the last one is empty. */
function flawOfPng(bytes: Uint8Array): string | undefined {
  if (!signature.every((byte, i) => bytes[i] === byte)) return "it does not begin as a PNG does";
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 57 || text.toString("latin1", 12, 16) !== "IHDR") return "it has no header";
  const [width, height] = [text.readUInt32BE(16), text.readUInt32BE(20)];
  if (width === 0 || height === 0 || width * height > 2 ** 28)
    return `it has ${width} x ${height} pixels`;
  if (text.toString("latin1", bytes.length - 8, bytes.length - 4) !== "IEND")
    return "its end is missing";
  return undefined;
}

function flawOfSvg(bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return "it is not UTF-8";
  }
  const root = rootOf(text);
  if (!/^(\w+:)?svg$/.test(root ?? "")) return "its root element is not svg";
  const last = text.slice(text.lastIndexOf("<")).trimEnd();
  const isRoot = last.startsWith(`</${root}`) || last.startsWith(`<${root}`);
  return isRoot && last.endsWith(">") ? undefined : "its end is missing";
}

/** The name of the first element: before it stand declarations and comments. */
function rootOf(text: string): string | undefined {
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    if (text.startsWith("<!--", at)) {
      at = text.indexOf("-->", at);
      if (at < 0) return undefined;
    } else if (text[at + 1] !== "?" && text[at + 1] !== "!") {
      return /^<([\w:.-]+)/.exec(text.slice(at, at + 100))?.[1];
    }
  }
  return undefined;
}
