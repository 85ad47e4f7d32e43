import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { divide, multiply, toDecimal, toNumber } from "../../../src/engine/language/decimal.ts";
import { parseYaml } from "../../../src/engine/language/parse.ts";
import { Problems } from "../../../src/engine/language/problems.ts";
import type { Constants } from "../../../src/engine/language/range.ts";
import { scopeOf, substitute } from "../../../src/engine/language/reference.ts";
import { plain } from "../../../src/engine/language/tree.ts";
import { constants } from "../../../src/nodes/index.ts";

const critical = 0.4406867935097715;

function expand(yaml: string, constants: Constants = { critical }): unknown {
  const problems = new Problems();
  const { value } = parseYaml({ path: "p.yaml", text: yaml });
  const tree = substitute(value!, scopeOf(new Map(), constants), problems);
  return problems.failed ? problems.list()[0]!.message : plain(tree);
}

test("a range is the numbers as a person would write them", () => {
  expect(expand("{ from: 0.20, to: 0.70, step: 0.1 }")).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  expect(expand("{ range: [1, 4] }")).toEqual([1, 2, 3, 4]);
  expect(expand("{ from: 3, to: 1, step: -1 }")).toEqual([3, 2, 1]);
  expect(expand("{ from: 0.3, to: 0.3, step: 0.1 }")).toEqual([0.3]);
  expect(expand("{ from: -0.1, to: 0.1, step: 0.1 }")).toEqual([-0.1, 0, 0.1]);
  expect(expand("{ from: 1e-3, to: 2e-3, step: 5e-4 }")).toEqual([0.001, 0.0015, 0.002]);
});

test("also puts the critical point and further numbers in their places, once", () => {
  expect(expand("{ from: 0.4, to: 0.5, step: 0.05, also: [critical, 0.46, 0.5] }")).toEqual([
    0.4,
    critical,
    0.45,
    0.46,
    0.5,
  ]);
  expect(expand("{ from: 0.5, to: 0.4, step: -0.1, also: [critical] }")).toEqual([
    0.5,
    critical,
    0.4,
  ]);
});

test("also takes the constants that come with the node types, and no others", () => {
  const also = (name: string) => `{ range: [0, 1], also: [${name}] }`;
  const constants = { third: 1 / 3, half: 0.5 };
  expect(expand(also("half"), constants)).toEqual([0, 0.5, 1]);
  expect(expand(also("critical"), constants)).toBe(
    'expected a number or third or half, got "critical"',
  );
  expect(expand(also("critical"), {})).toBe('expected a number, got "critical"');
  expect(expand(also("constructor"), constants)).toContain("expected a number or third or half");
});

test("the critical point that ships is the number that keys hold", () => {
  expect(constants).toEqual({ critical });
});

test("the engine knows no number of physics: none of its texts has the critical point", () => {
  const files = readdirSync("src/engine", { recursive: true }).map(String);
  const texts = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({
      file,
      text: readFileSync(`src/engine/${file}`, "utf8"),
    }));
  const decimals = texts.flatMap(({ file, text }) =>
    [...text.matchAll(/\d\.\d{6,}/g)].map(([number]) => `${file}: ${number}`),
  );
  expect(decimals).toEqual([]);
});

test("a mapping with other keys is not a range", () => {
  expect(expand("{ from: a, to: b }")).toEqual({ from: "a", to: "b" });
  expect(expand("{ from: 0, to: 1, step: 1, at: 2 }")).toEqual({ from: 0, to: 1, step: 1, at: 2 });
});

test("ranges are found within lists and mappings", () => {
  expect(expand("a: [{ b: { range: [1, 2] } }]")).toEqual({ a: [{ b: [1, 2] }] });
});

test("a range within a list stands for its numbers there", () => {
  expect(expand("[{ from: .3, to: .5, step: .1 }, .44]")).toEqual([0.3, 0.4, 0.5, 0.44]);
  expect(expand("[0, { range: [1, 3] }, { range: [3, 2] }]")).toContain("leads away");
  expect(expand("[{ from: 3, to: 1, step: -1 }, { range: [5, 6] }]")).toEqual([3, 2, 1, 5, 6]);
  expect(expand("[[{ range: [1, 2] }], [3]]")).toEqual([[1, 2], [3]]);
  expect(expand("[{ a: { range: [1, 2] } }, [7]]")).toEqual([{ a: [1, 2] }, [7]]);
});

test("a range is exact: element i is the number nearest to the decimal from + i·step", () => {
  const places = fc.integer({ min: 0, max: 12 });
  const digits = fc.integer({ min: -100_000, max: 100_000 });
  const steps = fc.integer({ min: 1, max: 999 });
  fc.assert(
    fc.property(digits, steps, fc.integer({ min: 0, max: 60 }), places, (first, step, count, p) => {
      const written = (n: number) => `${n}e-${p}`;
      const last = first + count * step;
      const list = expand(
        `{ from: ${written(first)}, to: ${written(last)}, step: ${written(step)} }`,
      );
      // Number() of a decimal text is correctly rounded, so this is the definition.
      const exact = Array.from({ length: count + 1 }, (_, i) => Number(written(first + i * step)));
      expect(list).toEqual(exact.map((x) => (x === 0 ? 0 : x)));
    }),
  );
});

test("toDecimal() and toNumber() are inverse on every finite number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      expect(toNumber(toDecimal(x))).toBe(x === 0 ? 0 : x);
    }),
  );
});

test("multiply() and divide() give 0.3 for 0.1 × 3 and 3 for 0.3 / 0.1", () => {
  const of = (a: number, b: number) => [toDecimal(a), toDecimal(b)] as const;
  expect(toNumber(multiply(...of(0.1, 3)))).toBe(0.3);
  expect(toNumber(divide(...of(0.3, 0.1)))).toBe(3);
  expect(toNumber(divide(...of(1, 3)))).toBe(1 / 3);
  expect(toNumber(divide(...of(-1e-300, 3e10)))).toBe(-1e-300 / 3e10);
});
