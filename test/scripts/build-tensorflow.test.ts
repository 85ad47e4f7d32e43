/** What the script says before it installs or builds anything. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const script = fileURLToPath(new URL("../../scripts/build-tensorflow.mjs", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "blockspin-tensorflow-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function build(...given: string[]): string {
  const { status, stderr } = spawnSync(process.execPath, [script, ...given], { encoding: "utf8" });
  expect(status).toBe(1);
  return stderr;
}

function layOut(name: string, files: readonly string[]): string {
  for (const file of files) {
    mkdirSync(join(folder, name, file, ".."), { recursive: true });
    writeFileSync(join(folder, name, file), "");
  }
  return join(folder, name);
}

const header = "include/tensorflow/c/c_api.h";

test.runIf(process.platform === "linux")("build-tensorflow.mjs names what is wrong", () => {
  expect(build()).toBe("error: usage: node scripts/build-tensorflow.mjs WHEEL_OR_FOLDER\n");
  expect(build("nowhere.whl")).toBe("error: nowhere.whl is not there\n");
  const file = join(layOut("file", ["text"]), "text");
  expect(build(file)).toBe(`error: ${file} is neither a wheel nor a folder\n`);
  const headless = layOut("headless", ["lib/libtensorflow.so.2"]);
  expect(build(headless)).toBe(`error: ${headless} has no ${header}: not a TensorFlow\n`);
  const empty = layOut("empty", [header]);
  expect(build(empty)).toBe(`error: ${empty} has no libtensorflow\n`);
  const half = layOut("half", [header, "libtensorflow_cc.so.2"]);
  expect(build(half)).toBe("error: found no whole TensorFlow, but libtensorflow_cc.so.2\n");
});
