/**
 * File names for what users name: safe, distinct and short. Whatever comes in, a name stays in its
 * folder, every common file system takes it, and two texts never share one, not even where case
 * does not count or letters with accents are written in another way. Knows no folder.
 */
import { createHash } from "node:crypto";

/** Bytes of a name with its ending. */
const maxBytes = 120;

/** What a text that cannot be a name ends with: 64 bits of its digest. */
const mark = /~[0-9a-f]{16}$/;

/** Files of these names are devices of Windows, whatever follows a dot. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ ]*(\.|$)/i;

/** Windows refuses these; the others nobody sees, or no file system need keep them. */
const refused = /[<>:"/\\|?*\p{C}\p{Zl}\p{Zp}]+/gu;

/**
 * A name for each text, which is the text itself where that will do.
 *
 * @param texts - all that go into one folder, at this time or another
 * @param ending - as `.csv`
 * @param tidy - how a text is written that will do
 */
export function safeNames(
  texts: Iterable<string>,
  ending: string,
  tidy: (text: string) => string = (text) => text,
): ReadonlyMap<string, string> {
  const all = new Set(texts);
  const owners = new Map<string, number>();
  for (const text of all) {
    const key = fold(tidy(text));
    owners.set(key, (owners.get(key) ?? 0) + 1);
  }
  const room = maxBytes - Buffer.byteLength(ending);
  return new Map(
    [...all].map((text) => {
      const tidied = tidy(text);
      const own = owners.get(fold(tidied)) === 1 && willDo(tidied, room);
      return [text, `${own ? tidied : marked(text, tidied, room)}${ending}`];
    }),
  );
}

function willDo(name: string, room: number): boolean {
  return (
    Buffer.byteLength(name) <= room &&
    name === name.normalize("NFC") &&
    name === outside(name.replace(refused, "_")) &&
    !mark.test(fold(name))
  );
}

function marked(text: string, tidied: string, room: number): string {
  const digest = createHash("sha256").update(text, "utf16le").digest("hex").slice(0, 16);
  const end = `~${digest}`;
  return `${clip(outside(tidied.normalize("NFC").replace(refused, "_")), room - end.length)}${end}`;
}

/** With nothing at its beginning or end that a file system or a program takes for something else. */
function outside(name: string): string {
  const whole = name === "" || devices.test(name) ? `_${name}` : name;
  return whole.replace(/^[.\-~ ]/, "_").replace(/[. ]$/, "_");
}

/** Whole characters, so many bytes at most. */
function clip(text: string, bytes: number): string {
  let size = 0;
  let kept = "";
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) return kept;
    kept += character;
  }
  return kept;
}

/** What names have in common that some file system takes for one. */
function fold(name: string): string {
  return name.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD");
}
