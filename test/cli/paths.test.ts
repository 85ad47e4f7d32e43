/** Where a pipeline comes from, and what its names and numbers do to paths and to what is printed. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { main, probe, Space } from "../harness/space.ts";

const text = `blockspin: 1
use: [./nodes.js]
stages: { a: { node: probe, for: { t: [1.0, 2] }, with: { seed: "\${t}" } } }
results: [a]
`;

function spaceWith(name: string, pipeline = text): Space {
  const space = new Space();
  space.write("nodes.js", `export * from ${JSON.stringify(probe)};\n`);
  space.write(name, pipeline);
  return space;
}

test.each([
  ["a pipe", "cat p.yaml | $B run /dev/stdin --json"],
  ["a redirected file", "$B run /dev/stdin --json < p.yaml"],
  ["another descriptor", "$B run /proc/self/fd/5 --json 5< p.yaml"],
  ["a substituted process", "$B run <(cat p.yaml) --json"],
  ["a FIFO elsewhere", "mkfifo sub/in; cat p.yaml > sub/in & $B run sub/in --json"],
])("a pipeline from %s is one of the working folder", (_, command) => {
  using space = spaceWith("p.yaml");
  space.write("sub/keep", "");
  const script = command.replaceAll("$B", `${process.execPath} ${main}`);
  const env = { PATH: process.env["PATH"], HOME: space.folder };
  const out = execFileSync("bash", ["-c", script], { cwd: space.folder, env, encoding: "utf8" });
  expect(JSON.parse(out.trim().split("\n").at(-1)!)).toMatchObject({ ran: 2, cached: 0 });
  expect(readdirSync(space.path("cache/v1/runs"))).toEqual(["stdin"]);
  expect(existsSync(space.path("sub/cache"))).toBe(false);
});

test("a value is printed as the file has it; JSON, journals and `why` know the number", async () => {
  using space = spaceWith("p.yaml");
  const first = await space.cli(["run", "p.yaml", "--verbose"]);
  expect(first.stderr).toContain("a[t=1.0]");
  const plan = await space.cli(["plan", "p.yaml", "--json"]);
  expect(JSON.parse(plan.stdout).map(({ id }: { id: string }) => id)).toEqual(["a[t=1]", "a[t=2]"]);
  space.write("p.yaml", text.replace("1.0", "1.00").replace(/"(\$\{t\})"/, '["$1", 3]'));
  for (const written of ["1", "1.0", "1.000"]) {
    const { stdout } = await space.cli(["why", "p.yaml", `a[t=${written}]`]);
    expect(stdout).toBe("a[t=1.00]: run\n  params.seed: 1 → [1,3]\n");
  }
});

test("names that are too long for a file are an error, or have a folder all the same", async () => {
  const named = (name: string) => text.replace("blockspin: 1", `blockspin: 1\nname: ${name}`);
  using space = spaceWith("p.yaml", named("a".repeat(300)));
  const long = await space.cli(["run", "p.yaml"]);
  expect(long).toMatchObject({ code: 2, stdout: "" });
  expect(long.stderr).toContain(
    "p.yaml:2:7: error[invalid-name]: the name of this pipeline has 300",
  );
  space.write("p.yaml", named("量".repeat(150)));
  expect(await space.cli(["run", "p.yaml"])).toMatchObject({ code: 0 });
  expect((await space.cli(["runs", "p.yaml", "--json"])).code).toBe(0);
  expect(await space.cli(["cache", "gc"])).toMatchObject({ code: 0 });
  space.write("p.yaml", text.replace("[1.0, 2]", `[${"v".repeat(300)}, "a/../b", "..", "~"]`));
  expect(await space.cli(["run", "p.yaml"])).toMatchObject({ code: 0 });
  const path = await space.cli(["run", "a".repeat(300)]);
  expect(path.stderr).toContain("error[file-unreadable]");
});

test("a crate cannot hold what is not a file, nor what lies in a home folder", () => {
  using space = spaceWith("p.yaml");
  const run = (script: string) => {
    const command = script.replaceAll("$B", `${process.execPath} ${main}`);
    const env = { PATH: process.env["PATH"], HOME: space.folder };
    const options = { cwd: space.folder, env, encoding: "utf8" } as const;
    return execFileSync("bash", ["-c", `(${command}) 2>&1 || true`], options);
  };
  run("$B run /dev/stdin < p.yaml");
  expect(run("$B export /dev/stdin --crate out < p.yaml")).toContain(
    "error: /dev/stdin is not a file that a crate can hold\n",
  );
  space.write("q.yaml", "blockspin: 1\nextends: ~/p.yaml\n");
  run("$B run q.yaml");
  expect(run("$B export q.yaml --crate out")).toContain('error: the pipeline names "~/p.yaml"');
});
