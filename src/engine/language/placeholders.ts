/**
 * What people write where a reference `"${name}"` belongs: other tools' notations, and a reference
 * without its quotes. Knows no names.
 */
import { quote } from "../../text/quote.ts";

const name = String.raw`([A-Za-z_][\w.-]*)`;

/** Each is a whole value: of templates, shells, Make, Snakemake, Hydra and Python. */
const notations = [
  String.raw`\$?\{\{\s*${name}\s*\}\}`,
  String.raw`\$\{\s*${name}\s*\}`,
  String.raw`[%#@]?\{\s*${name}\s*\}`,
  String.raw`\$\(\s*${name}\s*\)`,
  String.raw`%\(${name}\)[sdif]`,
  `[$@]${name}`,
  `<${name}>`,
].map((notation) => new RegExp(`^${notation}$`));

/** The name that a text refers to in another tool's notation. */
function nameIn(text: string): string | undefined {
  for (const notation of notations) {
    const found = notation.exec(text.trim())?.[1];
    // Templates of other tools call a section first.
    if (found !== undefined)
      return found.replace(/^(params|param|wildcards|config|env|vars)\./, "");
  }
  return undefined;
}

/** `write "${size}"`, for a value that is a reference in another tool, such as `{{ size }}`. */
export function hintForPlaceholder(text: string): string | undefined {
  if (text.length > 200) return undefined;
  const found = nameIn(text);
  return found === undefined ? undefined : `to refer to ${quote(found)}, write "\${${found}}"`;
}

/** Names within `{name}`, `{{ name }}` and `%{name}`, which other tools fill in wherever they stand. */
export function placeholdersIn(text: string): string[] {
  // Code of a program has blanks; there, braces have meanings of their own.
  if (text.length > 200 || /\s/.test(text.replaceAll(/\{\{ *\w+ *\}\}/g, ""))) return [];
  const found = text.matchAll(/(?<![$\w])%?\{(?:\{ *)?([A-Za-z_]\w*)(?: *\})?\}/g);
  return [...found].map(([, inner]) => inner!);
}

/** What YAML cannot read within `{ }` or `[ ]`, or at all, since its quotes are missing. */
const unquoted =
  /[^\s,[{:"']*(?:\$\{\{[^}\n]*\}\}|\{\{[^}\n]*\}\}|[$%]\{[^}\n]*\}|@\w+)[^\s,\]}]*/g;

/** How far from the place that YAML cannot read a reference begins or ends. */
const reach = 200;

export interface Unquoted {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint: string;
}

/** The reference without quotes that stands at a place where YAML cannot be read. */
export function unquotedAt(text: string, place: number): Unquoted | undefined {
  // A line may be as long as a file, and what is looked for is short.
  const from = Math.max(0, place - reach);
  const lineStart = from + text.slice(from, place).lastIndexOf("\n") + 1;
  const [line = ""] = text.slice(lineStart, place + reach).split("\n");
  for (const match of line.matchAll(unquoted)) {
    const [written] = match;
    const start = lineStart + match.index;
    const end = start + written.length;
    if (place < start || place > end || /["']/.test(text[start - 1] ?? "")) continue;
    const found = nameIn(written);
    const ours = found === undefined ? written : `\${${found}}`;
    const isOurs = /\$\{[^{]/.test(written);
    const message = isOurs
      ? `${written} needs quotes: within { } and [ ], a { begins a mapping`
      : `${written} needs quotes, and is not how a reference is written`;
    return {
      start,
      end,
      message,
      hint: `write "${isOurs && found === undefined ? written : ours}"`,
    };
  }
  return undefined;
}
