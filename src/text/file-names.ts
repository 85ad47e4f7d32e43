/**
 * Makes file names of texts that users choose: safe, distinct and short. A name stays in its folder,
 * every common file system takes it, and two texts never share one, not even where a file system
 * ignores case or rewrites accents. Knows no folder.
 */
import { createHash } from "node:crypto";

/** The most bytes of a name with its ending. */
const maxBytes = 120;

/** The end of a name whose text cannot be one: 64 bits of the digest of the text. */
const mark = /~[0-9a-f]{16}$/;

/** Windows takes these names for devices, whatever follows a dot. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ ]*(\.|$)/i;

/** Windows refuses some of these; the others are invisible, or a file system may drop them. */
const refused = /[<>:"/\\|?*\p{C}\p{Zl}\p{Zp}]+/gu;

/**
 * A name for each text: the text itself if it is a safe name.
 *
 * @param texts - all texts that ever go into one folder
 * @param ending - such as `.csv`
 * @param tidy - rewrites a text before it is judged
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
      const own = owners.get(fold(tidied)) === 1 && isSafe(tidied, room);
      return [text, `${own ? tidied : marked(text, tidied, room)}${ending}`];
    }),
  );
}

function isSafe(name: string, room: number): boolean {
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

/** Replaces first and last characters that a file system or a program reads in a special way. */
function outside(name: string): string {
  const whole = name === "" || devices.test(name) ? `_${name}` : name;
  return whole.replace(/^[.\-~ ]/, "_").replace(/[. ]$/, "_");
}

/** At most `bytes` bytes of whole characters. */
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

/** Equal for names that some file system takes for the same. */
function fold(name: string): string {
  return name.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD");
}
