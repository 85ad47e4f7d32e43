/** Text of pipelines, records and logs is data: on the page it is seen as it is, and does nothing. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { jsonInHtml } from "../../../src/report/page/view/data.tsx";
import { noBrowser, openPage } from "../../harness/browser.ts";
import { Space } from "../../harness/space.ts";
import { htmlOf, pipeline } from "./pages.ts";

const evil = `</script><script>alert(1)</script>]]>"'<img src=x onerror=alert(2)>\u2028--><svg/onload=alert(3)>&amp;{{7*7}}`;
const long = "long ".repeat(20_000);
const quoted = JSON.stringify(evil);

const hostile = pipeline(`
params: { text: ${quoted} }
stages:
  bad: { node: steps, with: { fail: true, print: ${quoted} } }
  warned:
    node: steps
    for: { worst: ["<script>alert<!--&amp;</title>", plain] }
    with: { print: ${quoted}, word: "\${worst}" }
  verdict:
    node: judge
    with:
      word: "\${text}"
      rows:
        - { name: ${quoted}, text: ${quoted}, group: ${quoted}, at: ${quoted}, verdict: ${quoted}, estimate: 1, expected: ${quoted} }
        - { name: ${JSON.stringify(long)}, text: ${JSON.stringify(long)} }
results: [verdict, warned]
figures:
  evil:
    title: ${quoted}
    text: ${quoted}
    data: { from: warned, collect: all }
    mark: point
    encoding:
      x: { field: step, type: quantitative, title: ${quoted} }
      color: { field: worst, type: nominal, title: ${quoted} }
`);

test("data for the script cannot end their element, and come back as they were", () => {
  const value = { text: evil, numbers: [Number.NaN, 1n, 0.5] };
  const json = jsonInHtml(value);
  expect(json).not.toMatch(/[<>&\u2028\u2029]/);
  expect(JSON.parse(json)).toEqual({ text: evil, numbers: ["NaN", "1", 0.5] });
});

test("hostile names are text in every part of the page", async () => {
  using space = new Space();
  space.write("p.yaml", hostile);
  expect((await space.cli(["run", "p.yaml", "--keep-going"])).code).toBe(1);
  const html = await htmlOf(space);
  expect(html).not.toContain("<script>alert");
  expect(html).not.toContain("<img src=x");
  expect(html).not.toContain("<svg/onload");
  expect(html.length).toBeLessThan(2_000_000);
  // The page's script, and the data of three tables.
  expect(html.match(/<script/g)).toHaveLength(
    1 + html.match(/<script type="application\/json"/g)!.length,
  );
});

test.skipIf(noBrowser)("a browser shows them, and runs nothing of them", async () => {
  using space = new Space();
  space.write("p.yaml", hostile);
  await space.cli(["run", "p.yaml", "--keep-going"]);
  writeFileSync(space.path("page.html"), await htmlOf(space));
  await using opened = await openPage(pathToFileURL(space.path("page.html")).href, {
    viewport: { width: 360, height: 800 },
  });
  const { page, problems } = opened;
  expect(problems).toEqual([]);
  const shown = await page.evaluate(() => document.body.textContent!);
  for (const part of ["<script>alert(1)</script>", "onerror=alert(2)", "{{7*7}}"]) {
    expect(shown).toContain(part);
  }
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.locator("#problems").innerText()).toContain("✗ bad");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
