/** The types of `blockspin/node`, as the compiler sees them in a user's project. Needs the build. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;

const settings = {
  ...{ target: "ES2023", lib: ["ES2023", "DOM"], module: "NodeNext", types: [] },
  ...{ strict: true, noEmit: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true },
};

async function compile(code: string): Promise<string> {
  using space = new Space();
  mkdirSync(space.path("node_modules"));
  symlinkSync(root, space.path("node_modules/blockspin"));
  space.write("tsconfig.json", JSON.stringify({ compilerOptions: settings, include: ["*.ts"] }));
  space.write("own-node.ts", code);
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", space.folder]).catch(
    (error) => error,
  );
  return stdout;
}

const code = readFileSync(new URL("own-node.ts", import.meta.url), "utf8");

test("the compiler takes what can run, and refuses wrong ports, columns and parameters", async () => {
  expect(await compile(code)).toBe("");
});

test("without the marks, each of the mistakes is an error at its place", async () => {
  const marks = code.match(/\/\/ @ts-expect-error/g)!.length;
  const errors = await compile(code.replaceAll("@ts-expect-error", "mistake"));
  expect(errors.match(/own-node\.ts\(\d+,\d+\): error/gm)).toHaveLength(marks);
});
