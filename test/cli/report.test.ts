/** `blockspin report`: one file, wherever one asks for it. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";
import { pipeline } from "../report/page/pages.ts";

const stages = "stages:\n  a: { node: steps }\nresults: [a]\n";

test("the page is called as the pipeline, in the working folder", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline(stages));
  space.write("spaced.yaml", pipeline(stages, "my page"));
  expect(await space.cli(["report", "p.yaml"])).toMatchObject({ code: 0, stdout: "" });
  expect(readFileSync(space.path("page.html"), "utf8")).toContain("nothing cached");
  const { stderr } = await space.cli(["report", "spaced.yaml"]);
  expect(stderr).toBe("wrote my page.html, 0.0 MB\n");
  expect(existsSync(space.path("my page.html"))).toBe(true);
});

test("--out says where; it computes nothing, and writes nothing to the store", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline(stages));
  expect((await space.cli(["report", "p.yaml", "--out", "other.html"])).code).toBe(0);
  expect(existsSync(space.path("other.html"))).toBe(true);
  expect(existsSync(space.path("cache"))).toBe(false);
});

test.each([
  [["--out", "no/such/folder/r.html"], /^error: cannot write "no\/such\/folder\/r.html"/],
  [["--run", "never"], /^error: there is no run "never"/],
  [["--ablation", "nope"], /unknown ablation/],
])("%j is an error of the command line", async (more, message) => {
  using space = new Space();
  space.write("p.yaml", pipeline(stages));
  const { code, stderr } = await space.cli(["report", "p.yaml", ...more]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
