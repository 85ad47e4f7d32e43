/**
 * A reader who follows a page word by word, in a folder of his own: he saves the files, types the
 * commands, and compares what they print.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { openPipeline } from "../../dist/index.js";
import { main, Space } from "../harness/space.ts";
import type { Block, Page } from "./page.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Commands without pipes, variables and the like need no shell. */
const plain =
  /^npx blockspin (?:[\w./=,:~%-]+|'[^']*'|"[^"$`\\]*")(?: (?:[\w./=,:~%-]+|'[^']*'|"[^"$`\\]*"))*$/;

export class Reader implements Disposable {
  readonly space = new Space();
  readonly #page: Page;
  /** The last whole pipeline, which fragments change. */
  #pipeline: string | undefined;
  /** What the last block of YAML describes: a file's name. */
  #last: string | undefined;
  /** Where commands are typed, and files are: a folder of the space. */
  #folder: string;

  constructor(page: Page, folder = ".") {
    this.#page = page;
    this.#folder = folder;
    mkdirSync(this.space.path(folder), { recursive: true });
    mkdirSync(this.space.path("node_modules"));
    symlinkSync(root, this.space.path("node_modules/blockspin"));
    symlinkSync(`${root}/node_modules/@types`, this.space.path("node_modules/@types"));
  }

  async follow(): Promise<void> {
    this.compile(this.#page.blocks);
    for (const block of this.#page.blocks) await this.#step(block);
    await this.#comparePictures();
  }

  /** A picture that the page shows, and that the reader has made, is the same. */
  async #comparePictures(): Promise<void> {
    for (const [, name = ""] of this.#page.text.matchAll(
      /!\[[^\]]*\]\(images\/([\w.-]+\.svg)\)/g,
    )) {
      const made = this.space.path(join(this.#folder, name));
      if (!existsSync(made)) continue;
      await expect
        .soft(readFileSync(made, "utf8"))
        .toMatchFileSnapshot(`${root}docs/images/${name}`);
    }
  }

  /** Saves every program in TypeScript, checks its types, and writes what this Node can run beside it. */
  compile(blocks: readonly Block[]): void {
    const programs = blocks.filter(({ language }) => language === "ts");
    if (programs.length === 0) return;
    for (const { words, text } of programs) this.space.write(words[0]!, text);
    const files = programs.map(({ words }) => words[0]!);
    const options = ["--strict", "--noUncheckedIndexedAccess", "--target", "es2023"];
    const more = ["--module", "nodenext", "--types", "node"];
    const tsc = `${root}/node_modules/.bin/tsc`;
    const { status, stdout } = spawnSync(tsc, [...options, ...more, ...files], {
      cwd: this.space.folder,
      encoding: "utf8",
    });
    expect(status, `${this.#page.path}\n${stdout}`).toBe(0);
  }

  async #step(block: Block): Promise<void> {
    const { language, words, text } = block;
    const place = `${this.#page.path}:${block.line}`;
    if (words[0] === "theirs" || words[0] === "elsewhere") return;
    if (words.includes("pyarrow") && !hasPyarrow()) {
      console.warn(`${place} was not followed: pyarrow is not installed`);
      return;
    }
    if (words[0] === "fragment") await this.#fragment(block, place);
    else if (words[0] === "instances") await this.#instances(text, place);
    else if (language === "yaml") await this.#yaml(block, place);
    else if (language === "diff") this.#edit(words[0]!, text, place);
    else if (language === "console") {
      const lines = dialogue(text);
      for (const { command, printed } of lines) {
        const result = await this.#type(command);
        const what = `${place}: ${command}\n${result.printed}`;
        const fails = words.includes("fails") && command === lines.at(-1)!.command;
        expect.soft(result.code === 0, what).toBe(!fails);
        expect.soft(matches(result.printed, printed), what).toBe(true);
      }
    } else if (language === "sh" && words.length === 0) {
      for (const command of commandsOf(text)) {
        const { code, printed } = await this.#type(command);
        expect.soft(code, `${place}: ${command}\n${printed}`).toBe(0);
      }
    } else if (words[0]?.includes(".") && language !== "ts") {
      this.space.write(join(this.#folder, words[0]), text);
    }
  }

  /** The hunks of an edit, which `…` parts, are where their old lines are. */
  #edit(name: string, text: string, place: string): void {
    const path = join(this.#folder, name);
    let file = readFileSync(this.space.path(path), "utf8");
    for (const hunk of text.split(/^ *…\n/m)) {
      const lines = hunk.split("\n").slice(0, -1);
      const without = (sign: string) =>
        lines.flatMap((line) => (line.startsWith(sign) ? [] : `${line.slice(1)}\n`)).join("");
      expect.soft(file.split(without("+")).length, `${place}: found once`).toBe(2);
      file = file.replace(without("+"), () => without("-"));
    }
    this.space.write(path, file);
  }

  async #yaml({ words: [name = "unnamed.yaml"], text }: Block, place: string): Promise<void> {
    this.space.write(join(this.#folder, name), text);
    if (!/^blockspin: 1\b/m.test(text)) return;
    this.#last = name;
    this.#pipeline = name;
    const { code, stdout, stderr } = await this.space.cli(["check", name], this.#here());
    expect.soft(code, `${place}\n${stdout}${stderr}`).toBe(0);
    expect.soft(stderr, place).toBe("");
  }

  async #fragment({ words, text }: Block, place: string): Promise<void> {
    const error = words.find((word) => word.startsWith("error="))?.slice("error=".length);
    const name = "fragment.yaml";
    this.#last = name;
    this.space.write(name, `blockspin: 1\nextends: ./${this.#pipeline}\n${text}`);
    const { code, stdout, stderr } = await this.space.cli(["check", name]);
    if (error === undefined) expect.soft(code, `${place}\n${stdout}${stderr}`).toBe(0);
    else expect.soft(stderr, place).toContain(`[${error}]`);
  }

  /** The instances of the stages that the text names are exactly those that it names. */
  async #instances(text: string, place: string): Promise<void> {
    const { instances } = (await openPipeline(this.space.path(this.#last!))).graph;
    const known = new Set(instances.map(({ stage }) => stage));
    const words = [...text.matchAll(/([a-z][a-z0-9-]*)(\[[^\]]*\])?/g)];
    const named = words.filter(([, stage]) => known.has(stage!));
    const stages = new Set(named.map(([, stage]) => stage));
    const there = instances.filter(({ stage }) => stages.has(stage)).map(({ label }) => label);
    expect.soft(named.length, place).toBeGreaterThan(0);
    expect.soft([...new Set(named.map(([label]) => label))].sort(), place).toEqual(there.sort());
  }

  #here = () => (this.#folder === "." ? {} : { folder: this.#folder });

  async #type(command: string): Promise<{ code: number | null; printed: string }> {
    if (/^cd [\w./-]+$/.test(command)) {
      this.#folder = join(this.#folder, command.slice(3));
      return { code: existsSync(this.space.path(this.#folder)) ? 0 : 1, printed: "" };
    }
    if (plain.test(command)) {
      const { code, terminal } = await this.space.cli(wordsOf(command).slice(2), this.#here());
      return { code, printed: terminal };
    }
    const npx = `npx() { shift; "${process.execPath}" "${main}" "$@"; }`;
    const node = `node() { "${process.execPath}" "\${@/%.ts/.js}"; }`;
    const shim = `${npx}; ${node}; exec 2>&1; ${command}`;
    const { status, stdout } = spawnSync("bash", ["-c", shim], {
      cwd: this.space.path(this.#folder),
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: this.space.folder, NO_COLOR: "1" },
    });
    return { code: status, printed: stdout };
  }

  [Symbol.dispose](): void {
    this.space[Symbol.dispose]();
  }
}

const hasPyarrow = () => spawnSync("python3", ["-c", "import pyarrow"]).status === 0;

function wordsOf(command: string): string[] {
  const words = command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return [...words].map(([, single, double, bare]) => single ?? double ?? bare!);
}

/** Lines without comments; a backslash at an end joins two. */
function commandsOf(text: string): string[] {
  return text
    .replaceAll("\\\n", "")
    .split("\n")
    .map((line) => line.replace(/\s{2,}#\s.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The commands of a block, each with what the page says that it prints. */
export function dialogue(text: string): { command: string; printed: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...printed] = part.split("\n");
      return { command: command.replace(/\s{2,}#\s.*$/, "").trim(), printed: printed.join("\n") };
    });
}

/** Whether a text is what a page says; times differ, and `…` stands for anything. */
export function matches(printed: string, said: string): boolean {
  const lines = (text: string) =>
    text
      .replaceAll(/\d+(\.\d+)? s\b/g, "0 s")
      .split("\n")
      .map((line) => line.trimEnd());
  const pattern = lines(said.trimEnd()).map((line) =>
    line.trim() === "…"
      ? "(?:.*\n)*?"
      : `${line
          .split("…")
          .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
          .join(".*")}\n`,
  );
  return new RegExp(`^${pattern.join("")}\n*$`).test(`${lines(printed.trimEnd()).join("\n")}\n`);
}
