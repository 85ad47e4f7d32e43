/** `blockspin ui`: a run that a browser follows. */
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { accessibilityProblems, noBrowser, openPage } from "../harness/browser.ts";
import { type Ended, Space } from "../harness/space.ts";
import { full, pipeline } from "../report/page/pages.ts";

/** Starts it, and waits for its address. */
async function start(space: Space, args: readonly string[]) {
  let found: (url: string) => void = () => {};
  let pid = 0;
  const url = new Promise<string>((resolve) => {
    found = resolve;
  });
  const ended: Promise<Ended> = space.cli(["ui", ...args, "--no-open"], {
    process: true,
    onStart: (started) => {
      pid = started;
    },
    onOutput: (stdout) => found(stdout.trim()),
  });
  const first = await Promise.race([url, ended.then(({ stderr }) => Promise.reject(stderr))]);
  return { url: first as string, ended, stop: () => process.kill(pid, "SIGINT") };
}

test("serves the report of a finished run until it is stopped", async () => {
  using space = new Space();
  space.write("p.yaml", full);
  const { url, ended, stop } = await start(space, ["p.yaml"]);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
  for (let i = 0; i < 200; i++) {
    if ((await (await fetch(url)).text()).includes("✓ finished")) break;
    await setTimeout(100);
  }
  const page = await (await fetch(url)).text();
  expect(page).toContain("✓ complete");
  expect(page).toContain("5 of 5 instances");
  const report = await (await fetch(`${url}report.html`)).text();
  expect(report).toContain("✓ complete");
  expect(report).not.toContain('<html lang="en" data-live');
  stop();
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr).toContain("5 ran, 0 cached");
  expect(stderr).toContain("until you stop it");
});

test("--once ends with the run, with its exit code", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("stages:\n  a: { node: steps, with: { fail: true } }\n"));
  const { ended } = await start(space, ["p.yaml", "--once"]);
  const { code, stderr } = await ended;
  expect(code).toBe(1);
  expect(stderr).toContain("asked to fail");
});

test("a warning is printed once, also where ablations are shown", async () => {
  using space = new Space();
  const stages = "stages:\n  a: { node: steps }\n  b: { node: steps }\n";
  space.write("p.yaml", pipeline(`${stages}ablations: { more: { stages.a.with.steps: 4 } }\n`));
  const { ended } = await start(space, ["p.yaml", "--once"]);
  const { stderr } = await ended;
  expect(stderr.match(/warning\[shared-stream\]/g)).toHaveLength(1);
});

test("Ctrl-C stops the run, as it does run", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("stages:\n  a: { node: steps, with: { steps: 600, ms: 100 } }\n"));
  const { ended, stop, url } = await start(space, ["p.yaml"]);
  while (!(await (await fetch(url)).text()).includes("step ")) await setTimeout(100);
  stop();
  expect((await ended).code).toBe(130);
});

test("a port that is taken is an error of the command line", async () => {
  using space = new Space();
  space.write("p.yaml", pipeline("stages:\n  a: { node: steps }\n"));
  const { url, ended, stop } = await start(space, ["p.yaml"]);
  const { port } = new URL(url);
  const second = await space.cli(["ui", "p.yaml", "--no-open", "--port", port], { process: true });
  expect(second.code).toBe(2);
  expect(second.stderr).toContain(`error: port ${port} cannot be used`);
  const third = await space.cli(["ui", "p.yaml", "--no-open", "--port", "99999"]);
  expect([third.code, third.stderr]).toEqual([
    2,
    expect.stringContaining("error: port 99999 cannot be used"),
  ]);
  stop();
  await ended;
});

test.skipIf(noBrowser)(
  "a page follows the run: stages, curves, logs, results, figures",
  async () => {
    using space = new Space();
    space.write("p.yaml", full);
    const { url, ended, stop } = await start(space, ["p.yaml", "--set", "ms=700", "--jobs", "2"]);
    await using opened = await openPage(url);
    const { page, problems, requests } = opened;
    await page.locator("#live .curve").first().waitFor();
    expect(await page.locator("#live h2").innerText()).toContain("running");
    expect(await page.locator("#live .curve").first().innerText()).toMatch(/^loss 0?\.?\d/);
    expect(await page.locator("#live .log").textContent()).toContain("step 1");
    expect(await accessibilityProblems(page)).toEqual([]);
    // A person reads a stage and has opened the log meanwhile.
    await page.locator('.node[data-stage="work"]').click();
    await page.locator("#live summary").click();
    await page.locator("#live h2", { hasText: "finished" }).waitFor({ timeout: 50_000 });
    await page.locator(".state", { hasText: "complete" }).waitFor();
    expect(await page.locator("#stage-work").isVisible()).toBe(true);
    expect(await page.locator("#stage-work").innerText()).toContain("3 cached");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("SUMMARY");
    expect(await page.locator("#live .log").isVisible()).toBe(true);
    expect(await page.locator("#answer").innerText()).toContain("the first is larger");
    expect(await page.locator("#figures svg path").count()).toBeGreaterThan(0);
    expect(await page.locator("#table-1-0 tbody tr").count()).toBe(5);
    expect(
      requests.every((address) => address.startsWith(url) || address.startsWith("data:")),
    ).toBe(true);
    expect(problems).toEqual([]);
    stop();
    await ended;
    await page.locator("#connection", { hasText: "stopped" }).waitFor();
  },
);

test.skipIf(noBrowser)("what a person sorted and typed stays while results change", async () => {
  using space = new Space();
  space.write(
    "p.yaml",
    pipeline(`params: { ms: 0 }
stages:
  a: { node: steps, with: { rows: 20 } }
  b: { node: steps, with: { ms: "\${ms}", steps: 4, rows: 4 } }
results: [a, b]
`),
  );
  const { url, ended, stop } = await start(space, ["p.yaml", "--set", "ms=900"]);
  await using opened = await openPage(url);
  const { page } = opened;
  await page.locator('[data-filter="table-1-0"]').fill("word 3");
  await page.locator("#table-1-0 th button", { hasText: "value" }).click();
  await page.locator("#table-1-0 th button", { hasText: "value" }).click();
  const shown = () => page.locator("#table-1-0 tbody tr:visible td:first-child").allInnerTexts();
  const before = await shown();
  expect(before.length).toBe(2);
  await page.locator("#table-2-0").waitFor({ timeout: 30_000 });
  expect(await shown()).toEqual(before);
  expect(await page.locator('[data-filter="table-1-0"]').inputValue()).toBe("word 3");
  stop();
  await ended;
});
