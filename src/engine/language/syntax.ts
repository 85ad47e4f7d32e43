/**
 * What the `yaml` package says of a text that it cannot read, in words for whoever wrote the text.
 * Reports the first error alone: those after it come from reading on in the wrong place.
 */
import type { CST, Document, YAMLError } from "yaml";
import { clip } from "../../text/clip.ts";
import type { Source, Span } from "./diagnostic.ts";
import { unquotedAt } from "./placeholders.ts";
import type { Extra, Problems } from "./problems.ts";

export function reportSyntax(
  { errors, warnings }: Document.Parsed,
  tokens: Iterable<CST.Token>,
  source: Source,
  problems: Problems,
): void {
  const [first] = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  for (const error of first ? [first] : warnings) {
    const { message, span, ...extra } = describe(error, tokens, source);
    problems.error("yaml-syntax", clip(message), span, extra);
  }
}

interface Described extends Extra {
  readonly message: string;
  readonly span: Span;
}

const inQuotes = "put the text in quotes";

/** Where a text that is not in quotes breaks off in the middle. */
const brokenOff = /^(unexpected (flow-\w+-start|scalar) at node end|missing , or : between)/i;

function describe(
  { code, message, pos: [start, end] }: YAMLError,
  tokens: Iterable<CST.Token>,
  source: Source,
): Described {
  const { text } = source;
  const unquoted = unquotedAt(text, start);
  if (unquoted) {
    const { message, hint, ...place } = unquoted;
    return { message, hint, span: { source, ...place } };
  }
  const span = { source, start, end };
  const plain = message.charAt(0).toLowerCase() + message.slice(1);
  const said = { message: plain, span };
  if (/^missing closing ["']quote/.test(plain)) {
    const opening = before(tokens, start, ({ type }) => type.endsWith("quoted-scalar"));
    const message = `the quote ${/["']/.exec(plain)?.[0]} is not closed`;
    return opening === undefined ? said : { message, span: at(source, opening) };
  }
  if (/must (be sufficiently indented and )?end with a [}\]]$/.test(plain)) {
    const opening = before(tokens, start, ({ type }) => type === "flow-collection");
    const mark = opening === undefined ? "" : text[opening]!;
    const close = mark === "{" ? "}" : "]";
    return opening === undefined
      ? said
      : { message: `${mark} is not closed: ${close} is missing`, span: at(source, opening) };
  }
  if (brokenOff.test(plain)) {
    const isPattern = /^\[\w+=/.test(text.slice(start));
    const hint = isPattern
      ? "an input selects with at: { from: stage, at: { axis: value } }"
      : "a comma is missing, or quotes around a text that holds [ ] { } or quotes";
    return { ...said, message: "expected a comma here, or the end of the list or mapping", hint };
  }
  if (plain.startsWith("plain value cannot start with")) {
    const mark = text[start];
    return { ...said, message: `a text cannot begin with ${mark}`, hint: inQuotes };
  }
  const words = byCode[code];
  return words ? { ...said, ...words } : said;
}

/** Messages that speak of the parser, in other words. */
const byCode: Partial<Record<YAMLError["code"], { message?: string; hint: string }>> = {
  TAB_AS_INDENT: { hint: "indent with spaces" },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second ": " on one line',
    hint: 'put text that holds ": " in quotes',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'expected "key: value"; here is no colon with a space behind it',
    hint: 'write "key: value", or "key:" above an indented block',
  },
  BAD_INDENT: {
    message: "this line is indented otherwise than the entries that it belongs to",
    hint: "entries of one mapping or list begin in the same column",
  },
  TAG_RESOLVE_FAILED: { hint: "a text that begins with ! is written in quotes" },
};

function at(source: Source, start: number): Span {
  return { source, start, end: start + 1 };
}

/** Where the last token of a kind begins that begins before a place. */
function before(
  tokens: Iterable<CST.Token>,
  place: number,
  is: (token: CST.Token) => boolean,
): number | undefined {
  let found: number | undefined;
  for (const token of tokens) {
    if (!is(token) || token.offset >= place) continue;
    if (isClosed(token)) continue;
    found = Math.max(found ?? 0, token.offset);
  }
  return found;
}

/** Whether a collection has its closing bracket. */
function isClosed(token: CST.Token): boolean {
  return (
    token.type === "flow-collection" &&
    token.end.some(({ type }) => type === "flow-map-end" || type === "flow-seq-end")
  );
}
