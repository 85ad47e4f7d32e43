/** Names that every object has of its own are names like others, or refused; never a stack trace. */
import { expect, test } from "vitest";
import { InvalidPipeline, openPipeline, planPipeline } from "../../dist/index.js";
import { fixture } from "../harness/checkout.ts";
import { Space } from "../harness/space.ts";

const module = fixture("odd-names-node.js");
const ref = (name: string) => `"$\{${name}}"`;
const pipeline = `blockspin: 1
name: test
use: [${JSON.stringify(module)}]
params: { toString: 5 }
stages:
  constructor: { node: odd, for: { toLocaleString: [1, 2] }, with: { x: ${ref("toLocaleString")} } }
  plain: { node: odd, with: { x: ${ref("toString")} } }
  union:
    node: odd
    inputs: { toString: { axis: constructor, of: { a: constructor.constructor, b: plain.constructor } } }
    with: { x: { constructor: 1 } }
  all:
    node: odd
    inputs:
      constructor: { from: union.constructor, collect: all }
      valueOf: { from: constructor.hasOwnProperty, collect: [toLocaleString] }
    with: { x: 1 }
ablations: { toString: { toString: 6 } }
metrics: { hasOwnProperty: { from: union.constructor, column: toString, over: toLocaleString } }
results: [all.constructor]
`;

test("stages, axes, ports, columns, params and metrics may be called so", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline.replace("toString: { toString: 6 }", "valueof: { toString: 6 }"));
  const run = await space.run("p.yaml", ["--ablation", "all"]);
  expect(run.stderr).toBe("");
  expect(run.finished).toMatchObject({ failed: 0, skipped: 0 });
  expect((await space.cli(["log", "p.yaml", "all"])).stdout).toContain(
    "constructor constructor=a,a,b toLocaleString=1,2, toString=",
  );
  const commands = [
    ["check", "p.yaml"],
    ["plan", "p.yaml"],
    ["why", "p.yaml", "union"],
    ["show", "p.yaml", "union.constructor"],
    ["show", "p.yaml", "constructor[toLocaleString=2].hasOwnProperty", "--csv"],
    ["compare", "p.yaml"],
    ["compare", "p.yaml", "--csv"],
    ["export", "p.yaml", "union.constructor", "--out", "out"],
  ];
  for (const command of commands) {
    const { stderr, stdout } = await space.cli(command);
    expect(`${command.join(" ")}: ${stdout}${stderr}`).not.toMatch(
      /internal error|native code|^ +at /m,
    );
  }
});

const odd = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
];

test.each(odd)("%s anywhere is fine or a located error", async (name) => {
  using space = new Space();
  const stage = (more: string) => `  s: { node: odd, with: { x: 1 }${more} }\n`;
  const pipelines = [
    `stages:\n  ${name}: { node: odd, with: { x: 1 } }\n`,
    `stages:\n${stage(`, for: { ${name}: [1] }`)}`,
    `stages:\n${stage("")}  t: { node: odd, with: { x: 1 }, inputs: { ${name}: s.constructor } }\n`,
    `stages:\n${stage("")}  t: { node: odd, with: { x: 1 }, inputs: { a: s.${name} } }\n`,
    `stages:\n${stage("")}  t: { node: odd, with: { x: 1 }, inputs: { a: ${name}.constructor } }\n`,
    `stages:\n${stage("")}  t: { node: ${name}, with: { x: 1 } }\n`,
    `stages:\n  s: { node: odd, with: { ${name}: 1 } }\n`,
    `stages:\n  s: { node: odd, with: { x: { ${name}: { ${name}: 1 } } } }\n`,
    `params: { ${name}: 1 }\nstages:\n  s: { node: odd, with: { x: ${ref(name)} } }\n`,
    `defaults: { ${name}: { x: 1 } }\nstages:\n${stage("")}`,
    `stages:\n${stage("")}ablations: { ${name}: { stages.s.with.x: 2 }, a: { ${name}: 1 } }\n`,
    `stages:\n${stage("")}metrics: { ${name}: { from: s.${name}, column: ${name}, where: { ${name}: 1 } } }\n`,
    `stages:\n${stage("")}metrics: { m: { from: s.constructor, column: ${name}, where: { ${name}: 1 }, over: ${name} } }\n`,
    `stages:\n${stage("")}results: [s.${name}]\n${name}: 1\n`,
    `stages:\n${stage(`, resources: { ${name}: 1 }, ${name}: 1`)}`,
    `stages:\n${stage("")}  v: { node: verdict, inputs: { metrics: s.constructor, ${name}: s.constructor }, with: { replicate: ${name}, claims: [{ name: c, metric: ${name}.${name}, left: { ${name}: 1 }, right: 1, margin: 1, test: difference }] } }\n`,
  ];
  for (const [i, text] of pipelines.entries()) {
    const path = space.write(
      `p${i}.yaml`,
      `blockspin: 1\nname: test\nuse: [${JSON.stringify(module)}]\n${text}`,
    );
    const opened = openPipeline(path, { ablations: ["all"] }).then(planPipeline);
    const error: unknown = await opened.then(() => undefined).catch((thrown) => thrown);
    if (error === undefined) continue;
    expect(error, text).toBeInstanceOf(InvalidPipeline);
    expect((error as Error).message).toMatch(/p\d+\.yaml:\d+:\d+: error/);
    expect((error as Error).message).not.toMatch(/native code|not a function|undefined/);
  }
});
