/** What V8 made of the modules counts for these very modules alone, and only while it is whole. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;
let code: string;
let whole: Buffer;

/** A copy of the package, whose files may be damaged. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "blockspin-code-"));
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  for (const name of ["node_modules", "wasm"]) symlinkSync(join(root, name), join(folder, name));
  const chunks = join(folder, "dist/chunks");
  code = join(chunks, readdirSync(chunks).find((name) => name.endsWith(".code"))!);
  whole = readFileSync(code);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check() {
  const args = [join(folder, "dist/cli/main.js"), "check", join(root, "pipelines/smoke.yaml")];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, stdout: stdout.replace(root, ""), stderr };
}

const right = expect.objectContaining({
  status: 0,
  stdout: expect.stringMatching(/no errors\n$/),
  stderr: "",
});

test("code that is damaged, cut short or missing does not count", () => {
  expect(check()).toEqual(right);
  // Far from the header, where V8 itself looks at nothing.
  for (const part of [0.001, 0.25, 0.5, 0.75]) {
    const damaged = Buffer.from(whole);
    damaged[Math.floor(part * whole.length)]! ^= 0x5a;
    writeFileSync(code, damaged);
    expect(check(), `at ${part}`).toEqual(right);
  }
  for (const length of [0, 20, whole.length >> 1]) {
    writeFileSync(code, whole.subarray(0, length));
    expect(check(), `${length} bytes`).toEqual(right);
  }
  rmSync(code);
  expect(check()).toEqual(right);
});

test("code of other modules does not count, though they are as long", () => {
  writeFileSync(code, whole);
  const pack = join(folder, "dist/chunks/pack.cjs");
  const text = readFileSync(pack, "latin1");
  const changed = text.replaceAll("no errors", "NO ERRORS");
  expect(changed).not.toBe(text);
  writeFileSync(pack, changed, "latin1");
  expect(check().stdout).toMatch(/NO ERRORS\n$/);
});

test("a Node that is too old is named", () => {
  // What it lacks.
  const args = ["--no-experimental-require-module", join(root, "dist/cli/main.js"), "--version"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stdout, stderr }).toEqual({
    ...{ status: 1, stdout: "" },
    stderr: `error: blockspin needs Node 20.19, 22.13 or newer, and this is ${process.version}\n`,
  });
});
