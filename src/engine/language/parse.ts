/**
 * YAML text → located tree. Refuses what has no plain meaning: duplicate keys, keys that are not
 * scalars, numbers that JSON cannot hold, unknown tags, aliases that expand without end.
 * Knows nothing of what a pipeline is.
 */
import { Composer, type CST, Parser } from "yaml";
import { quote } from "../../text/quote.ts";
import { Converter } from "./convert.ts";
import type { Checked, Source, Span } from "./diagnostic.ts";
import { Problems } from "./problems.ts";
import { reportSyntax } from "./syntax.ts";
import type { Tree } from "./tree.ts";

/** Deeper nesting is a mistake or an attack: the YAML composer recurses and would run out of stack. */
const maxDepth = 100;

/** Never throws, whatever the text. An empty text is null. */
export function parseYaml(source: Source): Checked<Tree> {
  const problems = new Problems();
  const odd = source.text.indexOf("\0");
  if (odd >= 0) {
    const hint = "save the file as UTF-8";
    problems.error("yaml-syntax", "expected text, got bytes", at(source, odd), { hint });
    return problems.check<Tree>(undefined);
  }
  const tokens = [...new Parser().parse(source.text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    const span = { source, start: deep, end: deep + 1 };
    problems.error("yaml-syntax", `nested more than ${maxDepth} levels deep`, span);
    return problems.check<Tree>(undefined);
  }
  const options = { version: "1.2", schema: "core", uniqueKeys: false, prettyErrors: false };
  const composer = new Composer(options as ConstructorParameters<typeof Composer>[0]);
  const [document, second] = [...composer.compose(tokens, true, source.text.length)];
  if (!document) throw new Error("internal error: YAML without a document");
  reportVersion(tokens, source, problems);
  const all = [...walk(tokens)].map(({ token }) => token);
  reportSyntax(document, all, source, problems);
  if (second && !problems.failed) {
    const start = second.range[0];
    problems.error("yaml-syntax", "expected one document, got several", at(source, start));
  }
  if (problems.failed) return problems.check<Tree>(undefined);
  const tree = new Converter(source, problems).root(document.contents);
  return problems.check<Tree>(tree);
}

function at(source: Source, start: number, end = start + 1): Span {
  return { source, start, end };
}

/** Refuses YAML 1.1, which the package would read as 1.2. It reports other versions itself. */
function reportVersion(tokens: readonly CST.Token[], source: Source, problems: Problems): void {
  for (const token of tokens) {
    if (token.type !== "directive" || !/^%YAML\s+1\.1\b/.test(token.source)) continue;
    const { offset, source: text } = token;
    const hint = "remove the line; in YAML 1.2, yes and 1:30 are text, and 010 is 10";
    const span = at(source, offset, offset + text.trimEnd().length);
    problems.error("yaml-syntax", `expected YAML 1.2, got ${quote(text.trim())}`, span, { hint });
  }
}

/** Where the nesting becomes too deep, if it does. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  for (const { token, depth } of walk(tokens)) if (depth > maxDepth) return token.offset;
  return undefined;
}

/** Every token with its depth. Iterative: it guards what recurses. */
function* walk(tokens: readonly CST.Token[]): Generator<{ token: CST.Token; depth: number }> {
  const pending = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next;
    const { token, depth } = next;
    if (token.type === "document" && token.value) pending.push({ token: token.value, depth });
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      if (key) pending.push({ token: key, depth: depth + 1 });
      if (value) pending.push({ token: value, depth: depth + 1 });
    }
  }
}
