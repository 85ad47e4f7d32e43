/** Holds the table of layers in ARCHITECTURE.md: imports go one way. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** What each layer may import; a path names one file instead of a whole layer. */
const allowed: Record<string, readonly string[]> = {
  cli: ["index.ts", "engine/run/exec.ts", "engine/printable.ts"],
  "index.ts": ["engine", "nodes", "store", "report", "learn/backend.ts"],
  engine: ["store", "random"],
  nodes: ["engine/node-type.ts", "lattice", "learn", "random", "statistics", "figures", "math"],
  report: ["store", "statistics", "figures"],
  lattice: ["random", "math"],
  learn: ["random", "math"],
  random: ["math"],
  statistics: ["math", "random/generator.ts"],
  figures: [],
  store: [],
  math: [],
};

const files = readdirSync(src, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".ts") && !name.includes("assembly"));

const layerOf = (file: string) => file.split("/")[0]!;

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((m) => m[1]!);
  return specifiers.map((specifier) => posix.normalize(posix.join(dirname(file), specifier)));
}

test("every import stays in its layer or goes where the table allows", () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => {
        const [from, to] = [layerOf(file), layerOf(target)];
        const may = allowed[from] ?? [];
        return from !== to && !may.includes(to) && !may.includes(target);
      })
      .map((target) => `${file} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("every folder of src is in the table", () => {
  const layers = new Set(files.map(layerOf));
  expect([...layers].filter((layer) => !(layer in allowed))).toEqual([]);
});

test("only two files import apache-arrow, and only learn imports TensorFlow", () => {
  const users = (name: string) =>
    files.filter((file) => readFileSync(join(src, file), "utf8").includes(`"${name}`));
  expect(users("apache-arrow").map(layerOf)).toEqual(users("apache-arrow").map(() => "store"));
  expect(users("@tensorflow").map(layerOf)).toEqual(users("@tensorflow").map(() => "learn"));
});
