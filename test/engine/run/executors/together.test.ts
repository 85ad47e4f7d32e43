/** Small actions share a message to a worker; whatever one of them does is its own affair. */
import { expect, test } from "vitest";
import { Space } from "../../../harness/space.ts";

const count = 60;
const bad = 41;

/** Sixty instances of a node that prints its number, after which one of them does as told. */
function space(deed: string): Space {
  const space = new Space();
  space.write(
    "nodes.js",
    `import { defineNode, f64, Type, table } from "blockspin";
export const quick = defineNode({
  type: "quick", version: 1, summary: "Prints its number.",
  params: Type.Object({ n: Type.Number() }), inputs: {},
  outputs: { out: table({ x: f64 }) },
  async run({ params: { n } }) {
    console.log("number " + n);
    if (n === ${bad}) { ${deed} }
    return { out: { x: [n] } };
  },
});
`,
  );
  space.write(
    "p.yaml",
    `blockspin: 1
name: test
use: [./nodes.js]
stages:
  quick: { node: quick, for: { n: { range: [1, ${count}] } }, with: { n: "\${n}" } }
`,
  );
  return space;
}

const run = (of: Space) => of.run("p.yaml", ["--keep-going", "--jobs", "2"]);

test.each([
  ["throw new Error('by itself');", /by itself/],
  ["process.exit(3);", /its worker thread ended/],
])("of actions in one message, only the one that does %j fails", async (deed, reason) => {
  using of = space(deed);
  const { events } = await run(of);
  expect(events.at(-1)).toMatchObject({ event: "finished", ran: count - 1, failed: 1, skipped: 0 });
  const failed = events.filter((event) => event["state"] === "failed");
  expect(failed).toMatchObject([{ id: `quick[n=${bad}]`, error: expect.stringMatching(reason) }]);
});

test("what each of them prints, and makes, is its own", async () => {
  using of = space("");
  const { events } = await run(of);
  const ran = events.filter((event) => event["state"] === "ran");
  expect(ran).toHaveLength(count);
  for (const { id, log } of ran as unknown as { id: string; log: string[] }[]) {
    expect(log).toEqual([`number ${/\d+/.exec(id)}`]);
  }
  const { stdout } = await of.cli(["show", "p.yaml", "--csv", "quick"]);
  const rows = stdout.trim().split("\n").slice(1);
  expect(rows.map((row) => row.split(",")).every(([n, x]) => Number(n) === Number(x))).toBe(true);
  expect(rows).toHaveLength(count);
});
