/** `blockspin watch`, with real files and real processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { main, Space } from "../harness/space.ts";

// Every edit starts processes, and some tests make many edits.
vi.setConfig({ testTimeout: 180_000 });

/** Sleeps, and gives a number. */
const node = (factor: number) => `
import { defineNode, f64, Type, table } from "blockspin";
import { add } from "./add.js";
export const num = defineNode({
  type: "num",
  version: 1,
  summary: "A number.",
  params: Type.Object({ a: Type.Number({ default: 0 }), ms: Type.Number({ default: 0 }) }),
  inputs: {},
  moreInputs: table({}),
  outputs: { value: table({ value: f64 }) },
  async run({ params: { a, ms } }) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { value: { value: [add(${factor} * a)] } };
  },
});
`;

const add = (more: number) => `export const add = (a) => a + ${more};\n`;

const pipeline = (stages: string, more = "") => `blockspin: 1
name: test
use: [./num.js]
${more}
stages:
  ${stages}
results: [last]
`;

class Watch implements Disposable {
  readonly space = new Space();
  #child!: ChildProcess;
  #printed = "";
  #seen = 0;

  constructor(text: string) {
    this.space.write("num.js", node(10));
    this.space.write("add.js", add(0));
    this.space.write("p.yaml", text);
  }

  start(...args: string[]): this {
    this.#child = spawn(process.execPath, [main, "watch", "p.yaml", ...args], {
      cwd: this.space.folder,
      env: { PATH: process.env["PATH"], HOME: this.space.folder, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const hear = (data: Buffer) => {
      this.#printed += data;
    };
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) stream.on("data", hear);
    return this;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Waits for a text that was printed since the last call; returns all that was printed since. */
  async until(text: string): Promise<string> {
    for (let i = 0; i < 1800; i++) {
      const fresh = this.#printed.slice(this.#seen);
      const at = fresh.indexOf(text);
      if (at >= 0) {
        this.#seen += at + text.length;
        return fresh.slice(0, at + text.length);
      }
      await setTimeout(50);
    }
    throw new Error(`${JSON.stringify(text)} is not in: ${this.#printed}`);
  }

  /** What a run printed from now on, until it waits for an edit. */
  idle(): Promise<string> {
    return this.until("Ctrl-C ends\n");
  }

  async quiet(ms: number): Promise<string> {
    await setTimeout(ms);
    return this.#printed.slice(this.#seen);
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    return new Promise((resolve) => {
      this.#child.once("close", (code) => resolve(code));
      this.#child.kill(signal);
    });
  }

  /** How often an instance ended in a state, in all runs. */
  count(id: string, state: string): number {
    const folder = this.space.path("cache/v1/runs/test");
    const journals = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
    const text = journals.map((name) => readFileSync(`${folder}/${name}`, "utf8")).join("");
    const events = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    return events.filter((event) => event.id === id && event.state === state).length;
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
    this.space[Symbol.dispose]();
  }
}

const one = (a: number) => pipeline(`last: { node: num, with: { a: ${a} } }`);

/** The result that a run printed. */
const valueIn = (text: string) => Number(/─\n *(\S+)\n/.exec(text)?.[1]);

test("an edit of the file, of one that it extends, of code and of what code imports runs again", async () => {
  using watch = new Watch(one(6));
  // It is there, and nobody reads it yet.
  watch.space.write("base.yaml", one(1));
  watch.start();
  expect(valueIn(await watch.idle())).toBe(60);
  watch.space.write("p.yaml", "blockspin: 1\nname: test\nextends: ./base.yaml\n");
  expect(valueIn(await watch.idle())).toBe(10);
  watch.space.write("base.yaml", one(2));
  expect(valueIn(await watch.idle())).toBe(20);
  watch.space.write(
    "p.yaml",
    "blockspin: 1\nname: test\nextends: ./base.yaml\nstages.last.with.a: 3\n",
  );
  expect(valueIn(await watch.idle())).toBe(30);
  watch.space.write("num.js", node(100));
  expect(valueIn(await watch.idle())).toBe(300);
  watch.space.write("add.js", add(7));
  const text = await watch.idle();
  expect(text).toContain("add.js changed\n");
  expect(valueIn(text)).toBe(307);
  expect(await watch.end("SIGINT")).toBe(0);
});

test("a program's files are watched, and a new one that a pattern matches too", async () => {
  const program = `
    import { copyFileSync, readdirSync } from "node:fs";
    console.log(readdirSync("lib").join());
    copyFileSync("inputs/x.arrow", "outputs/out.arrow");`;
  using watch = new Watch(
    pipeline(`first: { node: num }
  last:
    node: command
    inputs: { x: first }
    with: { argv: [node, go.mjs], files: [go.mjs, "lib/*.txt"], outputs: { out: { value: float64 } } }`),
  );
  watch.space.write("go.mjs", program);
  watch.space.write("lib/a.txt", "a");
  watch.start();
  expect(await watch.idle()).toContain("2 ran");
  watch.space.write("lib/b.txt", "b");
  expect(await watch.idle()).toContain("1 ran, 1 cached");
  watch.space.write("lib/a.txt", "other");
  expect(await watch.idle()).toContain("1 ran, 1 cached");
  watch.space.write("go.mjs", `${program}// Changed.\n`);
  expect(await watch.idle()).toContain("1 ran, 1 cached");
});

test("an edit in mid-run stops what it makes obsolete, and what is still wanted goes on", async () => {
  const text = (a: number) =>
    pipeline(`slow: { node: num, with: { a: 1, ms: 4000 } }
  obsolete: { node: num, with: { a: ${a}, ms: ${a === 2 ? 60_000 : 0} } }
  last: { node: num, inputs: { x: slow, y: obsolete }, with: { a: 5 } }`);
  using watch = new Watch(text(2));
  watch.start("--jobs", "2");
  await watch.until("start              obsolete\n");
  watch.space.write("p.yaml", text(3));
  const printed = await watch.idle();
  expect(printed).toContain("waiting for");
  expect(valueIn(printed)).toBe(50);
  await setTimeout(500);
  expect(watch.count("slow", "ran")).toBe(1);
  expect(watch.count("obsolete", "ran")).toBe(1);
  expect(watch.count("obsolete", "skipped")).toBe(1);
  expect(watch.count("last", "ran")).toBe(1);
});

test("a broken edit shows its error and waits, and a run that goes on is not disturbed", async () => {
  const slow = pipeline("last: { node: num, with: { a: 1, ms: 3000 } }");
  using watch = new Watch(slow);
  watch.start();
  await watch.until("start              last\n");
  watch.space.write("p.yaml", slow.replace("num, with", "numb, with"));
  expect(await watch.until("the edit is broken; the run before it goes on\n")).toContain(
    'error[unknown-node]: unknown node type "numb"',
  );
  expect(valueIn(await watch.idle())).toBe(10);
  watch.space.write("p.yaml", "blockspin: 1\nstages: [");
  expect(await watch.idle()).toContain("error[yaml-syntax]");
  watch.space.write("p.yaml", one(4));
  expect(valueIn(await watch.idle())).toBe(40);
});

test("files are replaced, written in two steps, touched, and away for a moment", async () => {
  using watch = new Watch(one(1));
  const path = watch.space.path("p.yaml");
  watch.start();
  await watch.idle();
  // As vim writes, twice: the file that was watched first is gone after the first time.
  for (const a of [2, 3]) {
    writeFileSync(`${path}~`, one(a));
    renameSync(`${path}~`, path);
    expect(valueIn(await watch.idle())).toBe(10 * a);
  }
  writeFileSync(path, "");
  await setTimeout(300);
  writeFileSync(path, one(4));
  const twoSteps = await watch.idle();
  expect(twoSteps).not.toContain("error");
  expect(valueIn(twoSteps)).toBe(40);
  utimesSync(path, new Date(), new Date());
  writeFileSync(path, one(4));
  expect(await watch.quiet(1500)).toBe("");
  watch.space.remove("p.yaml");
  expect(await watch.idle()).toContain("error[file-not-found]");
  writeFileSync(path, one(5));
  expect(valueIn(await watch.idle())).toBe(50);
});

test("a signal ends it: with 130 if a run was interrupted, and no run outlives it", async () => {
  using watch = new Watch(pipeline("last: { node: num, with: { ms: 60000 } }"));
  watch.start();
  await watch.until("start              last\n");
  expect(await watch.end("SIGTERM")).toBe(130);
  watch.start();
  await watch.until("start              last\n");
  await watch.end("SIGKILL");
  for (let i = 0; i < 100 && watch.count("last", "skipped") < 2; i++) await setTimeout(100);
  expect(watch.count("last", "skipped")).toBe(2);
});
