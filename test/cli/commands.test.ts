/** A command is one file: no other file needs it, except the list that loads it. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../src/cli", import.meta.url));
const texts = new Map(
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [name, readFileSync(`${folder}/${name}`, "utf8")] as const),
);
const commands = [...texts].flatMap(([name, text]) =>
  /\bdefine\(\w+: Command.*\) \{/.test(text) ? name : [],
);

test("the commands are found", () => {
  expect(commands).toEqual(expect.arrayContaining(["run.ts", "export/index.ts", "cache/pin.ts"]));
});

test("no command imports another command", () => {
  const imports = [...texts].flatMap(([name, text]) =>
    [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, path]) => {
      return { name, target: posix.join(dirname(name), path!) };
    }),
  );
  expect(imports.filter(({ target }) => commands.includes(target))).toEqual([]);
});
