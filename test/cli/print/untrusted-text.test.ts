/** What others wrote reaches the terminal as text, by whatever command and from wherever it came. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { hasPty, onTerminal } from "../../harness/pty.ts";
import { Space } from "../../harness/space.ts";

const node = fileURLToPath(new URL("../../fixtures/hostile-node.js", import.meta.url));
const odd = "odd\x1b[2J\u202e";

const pipeline = `blockspin: 1
name: hostile
use: [${JSON.stringify(node)}]
stages:
  a: { node: hostile, for: { seed: [1, 2] }, with: { seed: "\${seed}" } }
  bad: { node: hostile, with: { fail: true } }
results: [a]
`;

const space = new Space();
afterAll(() => space[Symbol.dispose]());
space.write("p.yaml", pipeline);
space.write(`${odd}.yaml`, pipeline.replace("results: [a]", "results: [a, b]"));
space.write("syntax.yaml", `blockspin: 1\nname: "${odd}\n`);

/** Colours, and what draws progress anew: all that we send on purpose. */
const ours = /E\[(?:3[123]|39|2|22)m|E\[(?:\d+A|J|K)|E\[\?(?:7|2026)[lh]|\r/.source.replaceAll(
  "E",
  "\x1b",
);

function textOn(screen: string): string {
  const text = screen.replaceAll(new RegExp(ours, "g"), "");
  expect(text).not.toMatch(/[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  return text;
}

/** As a user would be shown it. */
const shown = String.raw`\x1b]0;owned\x07\x1b[2J\x9b31m\x9d0;x\x9c\u202eevil\u200b\r\x08\x00\x7f\u2066`;

const commands: [string[], string][] = [
  [["run", "p.yaml", "--keep-going"], `warned ${shown}`],
  [["run", "p.yaml", "--keep-going", "--verbose"], `failed ${shown}`],
  [["run", "p.yaml", "--json"], String.raw`\u009b31m`],
  [["plan", "p.yaml"], `failed last time: failed ${shown}`],
  [["why", "p.yaml", "bad"], `failed ${shown}`],
  [["log", "p.yaml", "a"], `one ${shown}`],
  [["log", "p.yaml", "bad"], `failed: failed ${shown}`],
  [["show", "p.yaml", "a[seed=1]"], `column ${shown}`.slice(0, 60)],
  [["show", "p.yaml", "a[seed=1]", "--csv"], `cell ${shown}`],
  [["show", "p.yaml", "a[seed=1]", "--json"], String.raw`\u202eevil`],
  [["show", "p.yaml", "a", "--schema"], "column"],
  [["export", "p.yaml", "a[seed=1]"], `cell ${shown}`],
  [["show", "p.yaml", `a.${odd}`], String.raw`invalid instance pattern "a.odd\u001b[2J\u202e"`],
  [["nodes", "hostile", "--use", node], `column ${shown}`],
  [["run", `${odd}.yaml`], String.raw`odd\x1b[2J\u202e.yaml:7:14: error[unknown-stage]`],
  [["check", "syntax.yaml"], String.raw`odd\x1b[2J\u202e`],
  [["run", "p.yaml", `--${odd}`], String.raw`unknown option '--odd\x1b[2J\u202e'`],
  [[odd], String.raw`odd\x1b[2J\u202e`],
  [["cache", "stats", "--cache", odd], String.raw`odd\x1b[2J\u202e`],
  [["cache", "verify", "--cache", odd], "0 objects"],
];

test.runIf(hasPty).each(commands)("%j sends a terminal nothing but text", (args, expected) => {
  const text = textOn(onTerminal(space, args, { columns: 400 }).screen);
  expect(text.replaceAll("\n", " ")).toContain(expected);
});

/** A module that does things when it is loaded. */
const loaded = (statements: string) => `import { hostile, node } from ${JSON.stringify(node)};
${statements}
export { node };
`;
const using = (module: string) => pipeline.replace(JSON.stringify(node), JSON.stringify(module));

test.runIf(hasPty)(
  "what a module prints when it is loaded is text, and apart from data",
  async () => {
    const prints = `console.log("log " + hostile); console.error("error " + hostile);
process.stdout.write("out " + hostile); process.emitWarning("warn " + hostile);`;
    space.write("prints.js", loaded(prints));
    space.write("prints.yaml", using("./prints.js"));
    for (const args of [
      ["plan", "prints.yaml"],
      ["run", "prints.yaml", "--keep-going"],
      ["nodes", "--use", "prints.js"],
    ]) {
      const text = textOn(onTerminal(space, args, { columns: 400 }).screen);
      for (const word of ["log", "error", "out", "Warning: warn"]) {
        expect(text, args.join(" ")).toContain(`${word} ${shown}`);
      }
    }
    const { stdout } = await space.cli(["plan", "prints.yaml", "--json"], { process: true });
    expect(JSON.parse(stdout)).toHaveLength(3);
  },
);

test("a module can neither end the process when it is loaded, nor fail unseen later", async () => {
  space.write("exits.js", loaded("process.exit(0);"));
  space.write("exits.yaml", using("./exits.js"));
  const ended = await space.cli(["check", "exits.yaml"], { process: true });
  expect(ended.stderr).toContain("exits.js:2:9: error[invalid-module]");
  expect(ended.stderr).toContain("it calls process.exit(0)");
  expect(ended.code).toBe(2);
  space.write("late.js", loaded(`Promise.reject(new Error("late " + hostile));`));
  space.write("late.yaml", using("./late.js"));
  const late = await space.cli(["check", "late.yaml"], { process: true });
  expect(textOn(late.stderr)).toMatch(
    /^error: failed outside of any action: late .*\n {2}= at .*\n$/,
  );
  expect(late.code).toBe(1);
});

test.runIf(hasPty)("a line break in somebody's text does not begin a line of ours", () => {
  for (const args of [
    ["run", "p.yaml", "--keep-going"],
    ["log", "p.yaml", "a[seed=1]"],
  ]) {
    const lines = textOn(onTerminal(space, args).screen).split("\n");
    expect(lines.filter((line) => /^(error: not ours|0 ran, 99)/.test(line))).toEqual([]);
  }
});

test("in a file or a pipe, data are exact, and text for a person is still text", async () => {
  const raw = "\x1b]0;owned\x07\x1b[2J\x9b31m";
  const csv = await space.cli(["show", "p.yaml", "a[seed=1]", "--csv"]);
  expect(csv.stdout).toContain(`cell ${raw}`);
  const json = await space.cli(["show", "p.yaml", "a[seed=1]", "--json"]);
  expect(JSON.stringify(JSON.parse(json.stdout))).toContain(
    JSON.stringify(`cell ${raw}`).slice(1, -1),
  );
  textOn(json.stdout);
  textOn((await space.cli(["log", "p.yaml", "a"])).stdout);
  const path = await space.cli(["show", "p.yaml", "a[seed=1]", "--path", "--cache", odd]);
  textOn(path.stderr);
});

test("only terminal.ts writes to standard output and standard error", () => {
  const folder = fileURLToPath(new URL("../../../src/cli/", import.meta.url));
  const files = readdirSync(folder, { recursive: true }).map(String);
  const others = files.filter((name) => {
    if (!name.endsWith(".ts")) return false;
    const text = readFileSync(`${folder}${name}`, "utf8");
    return /process\.std(out|err)\b(?!\.on\()|console\.|picocolors|\\x1b/.test(text);
  });
  expect(others).toEqual(["print/terminal.ts"]);
});
