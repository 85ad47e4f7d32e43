/**
 * Holds the structure that ARCHITECTURE.md shows. Its diagrams are the table: an import from one room
 * to another needs an arrow, and an arrow needs an import. Imports of types count like any other.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "src");

const everyFile = readdirSync(src, { recursive: true })
  .map(String)
  .filter((name) => /\.tsx?$/.test(name));
/** AssemblyScript imports without endings, and nothing from outside its folder but other kernels. */
const files = everyFile.filter((name) => !name.includes("assembly/"));

const textOf = new Map(everyFile.map((file) => [file, readFileSync(join(src, file), "utf8")]));

function importsOf(file: string): string[] {
  const found = textOf.get(file)!.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  const ending = files.includes(file) ? "" : ".ts";
  return [...found].map(([, path]) => posix.normalize(posix.join(dirname(file), path! + ending)));
}

/** The arrows of the diagram under a heading: `a & b --> c & d` is four. */
function arrowsUnder(heading: string): Set<string> {
  const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const section = page.slice(page.indexOf(`\n## ${heading}\n`));
  const [, diagram] = /```mermaid\n(.*?)```/s.exec(section) ?? [];
  const names = (list: string) => list.split("&").map((name) => name.trim());
  const arrows = [...diagram!.matchAll(/^\s*([\w& -]+?) --> ([\w& -]+?)$/gm)];
  return new Set(
    arrows.flatMap(([, from, to]) =>
      names(from!).flatMap((a) => names(to!).map((b) => `${a} --> ${b}`)),
    ),
  );
}

/** What the code has: an arrow and one import that makes it. */
function arrowsOf(roomOf: (file: string) => string | undefined): Map<string, string> {
  const arrows = new Map<string, string>();
  for (const file of files) {
    for (const target of importsOf(file)) {
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from === undefined || to === undefined || from === to) continue;
      arrows.set(`${from} --> ${to}`, `${file} imports ${target}`);
    }
  }
  return arrows;
}

/** What node types may know of the engine is a room of its own. */
const nodeApi = ["node-type", "param-kinds", "returned-type", "shown"].map(
  (name) => `engine/${name}.ts`,
);

const roomOfSrc = (file: string) =>
  nodeApi.includes(file) ? "node-type" : file.split("/")[0]!.replace(/\.tsx?$/, "");

const roomOfEngine = (file: string) => {
  if (!file.startsWith("engine/")) return undefined;
  return nodeApi.includes(file) ? "node-type" : file.split("/")[1]!.replace(/\.ts$/, "");
};

test.each([
  ["The rooms", roomOfSrc],
  ["Inside the engine", roomOfEngine],
])("%s: every import follows an arrow, and every arrow is used", (heading, roomOf) => {
  const drawn = arrowsUnder(heading);
  const found = arrowsOf(roomOf);
  const strangers = [...found].filter(([arrow]) => !drawn.has(arrow));
  expect(strangers.map(([arrow, example]) => `${arrow}: ${example}`)).toEqual([]);
  expect([...drawn].filter((arrow) => !found.has(arrow))).toEqual([]);
});

/** Tarjan's algorithm: sets of nodes that reach each other. */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string) => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}

test("no file imports itself, by however many steps", () => {
  expect(circles(new Map(everyFile.map((file) => [file, importsOf(file)])))).toEqual([]);
});

test.each([
  ["src", roomOfSrc],
  ["src/engine", roomOfEngine],
])("no room of %s imports itself, by however many steps", (_, roomOf) => {
  const edges = new Map<string, string[]>();
  for (const arrow of arrowsOf(roomOf).keys()) {
    const [from, to] = arrow.split(" --> ");
    edges.set(from!, [...(edges.get(from!) ?? []), to!]);
  }
  expect(circles(edges)).toEqual([]);
});

test("a circle is found", () => {
  const edges = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["c", ["a"]],
    ["d", []],
  ]);
  expect(circles(edges)).toEqual([["a", "b", "c"]]);
});

test("no room has more than 25 loose files, and no file more than 300 lines", () => {
  const loose = new Map<string, number>();
  for (const file of files) loose.set(dirname(file), (loose.get(dirname(file)) ?? 0) + 1);
  expect([...loose].filter(([, count]) => count > 25)).toEqual([]);
  const lines = everyFile.map((file) => [file, textOf.get(file)!.split("\n").length - 1] as const);
  expect(lines.filter(([, count]) => count > 300)).toEqual([]);
});

test("only table imports apache-arrow, and only learn imports TensorFlow", () => {
  const users = (name: string) => files.filter((file) => textOf.get(file)!.includes(`"${name}`));
  const rooms = (name: string) => [...new Set(users(name).map(roomOfSrc))];
  expect(rooms("apache-arrow")).toEqual(["table"]);
  expect(rooms("@tensorflow")).toEqual(["learn"]);
});
