/**
 * Pages of documentation as the tests see them: blocks of code, headings and links. The first word
 * after the fence is the language; what follows says what the tests do with the block:
 *
 * - ```yaml NAME.yaml, ```js NAME.js and so on: a file of the reader's folder
 * - ```yaml fragment: some keys of a pipeline, put into the last pipeline above it
 * - ```yaml fragment error=CODE: the same, and `check` says so
 * - ```text instances: which instances come out of the pipeline or fragment above it
 * - ```diff NAME: an edit of a file: lines with `-` go, lines with `+` come, the others are where
 * - ```console: commands after `$ `, and what they print; `…` stands for anything. With `fails`, the
 *   last one ends with an error
 * - ```console elsewhere: another test compares what the commands print
 * - ```console pyarrow: followed where pyarrow is installed
 * - ```yaml theirs: the file of another program
 * - `cd FOLDER`, alone or after `$ `, is where later commands are typed
 * - ```sh: commands that succeed; ```sh not-run: commands that the tests leave out
 */
import { readdirSync, readFileSync } from "node:fs";

export interface Block {
  readonly language: string;
  /** What follows the language. */
  readonly words: readonly string[];
  readonly text: string;
  /** Of the fence, counted from 1. */
  readonly line: number;
}

export interface Page {
  /** Relative to the project: `docs/caching.md`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** README, and every page of docs/. */
export function allPages(): readonly Page[] {
  const names = readdirSync("docs").filter((name) => name.endsWith(".md"));
  return ["README.md", ...names.map((name) => `docs/${name}`)].map(readPage);
}

export function readPage(path: string): Page {
  const text = readFileSync(path, "utf8");
  const fences = text.matchAll(/^( *)```([^\n`]+)\n(.*?)^\1```$/gms);
  const blocks = [...fences].map(([all, indent = "", info = "", body = ""]): Block => {
    const [language = "", ...words] = info.trim().split(/\s+/);
    const line = text.slice(0, text.indexOf(all)).split("\n").length;
    return { language, words, line, text: body.replaceAll(new RegExp(`^${indent}`, "gm"), "") };
  });
  return { path, text, blocks };
}

/** The text without code. */
export function prose({ text }: Page): string {
  return text.replaceAll(/^( *)```.*?^\1```$/gms, "").replaceAll(/`[^`\n]*`/g, "``");
}

/** What a link may name after `#`, as GitHub makes it of the headings. */
export function anchorsOf(page: Page): Set<string> {
  const seen = new Map<string, number>();
  const headings = page.text.replaceAll(/^( *)```.*?^\1```$/gms, "").matchAll(/^#{1,6} +(.+)$/gm);
  return new Set(
    [...headings].map(([, title = ""]) => {
      const text = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
      const anchor = text.replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, "").replaceAll(" ", "-");
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${before}`;
    }),
  );
}
