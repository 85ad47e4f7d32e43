/** Finishes a drawing: a name for those who cannot see it, and ids that no other figure on a page has. */
import type { Figure } from "../../engine/index.ts";

/** What stands above a picture: a node type's figure also says of which stage it is. */
export function headOf({ title, name, stage }: Pick<Figure, "title" | "name" | "stage">): string {
  if (title === undefined) return name;
  return stage === undefined ? title : `${title} (${stage})`;
}

export function escapeXml(text: string): string {
  const escaped: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };
  return withoutControls(text.replaceAll(/[<>&"]/g, (character) => escaped[character]!));
}

/** XML has no way to hold these, not even escaped. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

/**
 * Gives the root element its role and description, makes ids unique on a page, and leaves out what Vega
 * says for a screen reader of every part, and what would be read from outside: a colour may be an
 * address, also one that comes from the rows.
 */
export function finish(svg: string, figure: Figure): string {
  const { name, text } = figure;
  const title = headOf(figure);
  const prefix = `figure-${[...name].map((c) => (/[a-z0-9-]/.test(c) ? c : "_")).join("")}`;
  const ids = new Map<string, string>();
  const idOf = (id: string) => {
    if (!ids.has(id)) ids.set(id, `${prefix}-${ids.size + 1}`);
    return ids.get(id)!;
  };
  const tidy = withoutControls(svg).replaceAll(/<[a-z][^>]*>/gi, (tag) =>
    tag
      .replaceAll(/ (?:role|aria-[a-z]+|pointer-events)="[^"]*"/g, "")
      .replaceAll(/ id="([^"]+)"/g, (_, id: string) => ` id="${idOf(id)}"`)
      .replaceAll(/"url\((?!#)[^"]*"/g, '"none"')
      .replaceAll(/url\(#([^)"]+)\)/g, (_, id: string) => `url(#${idOf(id)})`),
  );
  const description = text === undefined ? "" : `<desc>${escapeXml(text)}</desc>`;
  const head = `<title>${escapeXml(title)}</title>${description}`;
  return tidy
    .replaceAll('<path class="foreground" d="" display="none"/>', "")
    .replace(/<svg\b([^>]*)>/, (_, attributes: string) => {
      const plain = attributes.replace(/ class="[^"]*"/, "");
      return `<svg${plain} role="img" aria-label="${escapeXml(title)}">${head}`;
    });
}
