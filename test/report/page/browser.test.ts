/** The page in a browser: it draws, it acts, it asks for nothing, and everybody can use it. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessibilityProblems, noBrowser, openPage } from "../../harness/browser.ts";
import { Space } from "../../harness/space.ts";
import { full, htmlOf } from "./pages.ts";

const space = new Space();
afterAll(() => space[Symbol.dispose]());
const url = pathToFileURL(space.path("page.html")).href;

describe.skipIf(noBrowser)(`a report in a browser${noBrowser ? ` (${noBrowser})` : ""}`, () => {
  beforeAll(async () => {
    space.write("p.yaml", full);
    await space.cli(["run", "p.yaml"]);
    writeFileSync(space.path("page.html"), await htmlOf(space));
  });

  test("loads without an error, and asks for nothing but itself", async () => {
    await using opened = await openPage(url);
    const { page, problems, requests } = opened;
    expect(await page.title()).toBe("page · Blockspin");
    expect(await page.locator(".state").innerText()).toContain("complete");
    expect(await page.locator("figure svg path").count()).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    expect(requests.filter((address) => !/^(data|blob):/.test(address))).toEqual([url]);
  });

  test("no script but its own can run, and nothing can be loaded", async () => {
    await using opened = await openPage(url);
    const { page, problems } = opened;
    const loaded = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'owned'";
      document.body.append(script);
      const fetched = await fetch("https://example.invalid/").then(
        () => "fetched",
        () => "refused",
      );
      return [document.title, fetched];
    });
    expect(loaded).toEqual(["page · Blockspin", "refused"]);
    expect(problems.join("\n")).toMatch(/Content Security Policy/);
  });

  test("the answer is above the fold: what was claimed, found, how sure, and what surprised", async () => {
    await using opened = await openPage(url, { viewport: { width: 1280, height: 800 } });
    const answer = opened.page.locator("#answer");
    const text = await answer.innerText();
    for (const part of ["claim 1", "the first is larger", "0.75 [0.63, 0.88]", "third"]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/What surprised\s+Not as expected: 1/);
    const box = (await answer.boundingBox())!;
    expect(box.y + box.height).toBeLessThan(800);
  });

  test("an address with any end opens the page, and its script runs", async () => {
    for (const end of ["#%", "#stage-%F0", "#<b>", "#table-1-0", "#constructor"]) {
      await using opened = await openPage(url + end);
      expect(opened.problems, end).toEqual([]);
      await opened.page.locator("#table-1-0 th button").first().click();
    }
  });

  test("a click on a stage opens its panel; Escape closes it and goes back", async () => {
    await using opened = await openPage(url);
    const { page } = opened;
    await page.locator('.node[data-stage="work"]').click();
    const panel = page.locator("#stage-work");
    expect(await panel.isVisible()).toBe(true);
    expect(await panel.innerText()).toContain("blockspin why p.yaml work");
    expect(await panel.locator("code[title^='sha256:']").count()).toBe(3);
    expect(await page.locator("#stage-verdict").isVisible()).toBe(false);
    await page.keyboard.press("Escape");
    expect(await panel.isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-stage"))).toBe(
      "work",
    );
  });

  test("the keyboard reaches stages and opens them", async () => {
    await using opened = await openPage(url);
    const { page } = opened;
    await page.locator('.node[data-stage="more"]').focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("#stage-more").isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("stage-more");
    // Every control can be reached: the first is the link that skips to the content.
    await page.goto(url);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
  });

  test("a verdict leads to the record that it comes from", async () => {
    await using opened = await openPage(url);
    const { page } = opened;
    await page.locator("#verdicts .claim summary").first().click();
    await page.locator("#verdicts .claim a", { hasText: "verdict" }).first().click();
    const record = page.locator("details.record[open]");
    expect(await record.innerText()).toMatch(/key\s+sha256:[0-9a-f]{64}/);
  });

  test("a table sorts by number, both ways, and filters", async () => {
    await using opened = await openPage(url);
    const { page } = opened;
    const table = page.locator("#table-2-0");
    const values = async () => {
      const cells = await table.locator("tbody tr:visible td:nth-child(2)").allInnerTexts();
      return cells.map(Number);
    };
    const before = await values();
    const sorted = [...before].sort((a, b) => a - b);
    await table.locator("th button", { hasText: "value" }).click();
    expect(await values()).toEqual(sorted);
    expect(await table.locator("th").nth(1).getAttribute("aria-sort")).toBe("ascending");
    await table.locator("th button", { hasText: "value" }).click();
    expect((await values())[0]).toBe(sorted.at(-1));
    await page.locator('[data-filter="table-2-0"]').fill("word 3");
    expect((await values()).length).toBe(30);
    expect(await page.locator('[data-count="table-2-0"]').innerText()).toBe("30 of 300 rows");
  });

  test("a table downloads as CSV with exact numbers", async () => {
    await using opened = await openPage(url);
    const { page } = opened;
    const waiting = page.waitForEvent("download");
    await page.locator('[data-csv="table-1-0"]').click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe("verdict.table.csv");
    const [header, first] = readFileSync((await download.path())!, "utf8").split("\r\n");
    expect(header).toBe("name,text,group,at,verdict,estimate,lo,hi,margin,expected,fits");
    expect(first).toBe("first,the first is larger,claim 1,rule=a,HOLDS,0.75,0.625,0.875,0.25,,");
  });

  test("a figure downloads as SVG and PNG, with its colours", async () => {
    await using opened = await openPage(url, { colorScheme: "dark" });
    const { page } = opened;
    for (const [kind, begins] of [
      ["svg", "<svg"],
      ["png", "\x89PNG"],
    ] as const) {
      const waiting = page.waitForEvent("download");
      await page.locator(`[data-save="${kind}"]`).first().click();
      const bytes = readFileSync((await (await waiting).path())!);
      expect(bytes.toString("latin1").startsWith(begins)).toBe(true);
      if (kind === "svg") expect(bytes.toString()).not.toMatch(/"var\(--figure/);
    }
  });

  test.each(["light", "dark"] as const)(
    "in %s nothing serious is wrong for anybody",
    async (scheme) => {
      await using opened = await openPage(url, { colorScheme: scheme });
      const { page } = opened;
      await page.locator('.node[data-stage="work"]').click();
      await page.evaluate(() => {
        for (const one of document.querySelectorAll("details")) one.open = true;
        for (const one of document.querySelectorAll(".panel")) one.classList.add("open");
      });
      expect(await accessibilityProblems(page)).toEqual([]);
    },
  );

  test("the button changes between dark and light", async () => {
    await using opened = await openPage(url, { colorScheme: "light" });
    const { page } = opened;
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await colour();
    await page.locator("#theme").click();
    expect(await colour()).not.toBe(light);
    await page.locator("#theme").click();
    expect(await colour()).toBe(light);
  });

  test.each([360, 768, 2200])(
    "at a width of %i, only tables and drawings scroll sideways",
    async (width) => {
      await using opened = await openPage(url, { viewport: { width, height: 800 } });
      const { page } = opened;
      await page.locator('.node[data-stage="work"]').click();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    },
  );

  test("on paper there are no controls", async () => {
    await using opened = await openPage(url);
    const { page } = opened;
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator("[data-csv]").first().isVisible()).toBe(false);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });

  test("without scripts everything can be read", async () => {
    await using opened = await openPage(url, { javaScriptEnabled: false });
    const { page } = opened;
    expect(await page.locator("#stage-work").isVisible()).toBe(true);
    expect(await page.locator("#table-1-0 tbody tr").count()).toBe(5);
    expect(await page.locator("[data-csv]").first().isVisible()).toBe(false);
  });
});

test.skipIf(noBrowser)(
  "whatever a column holds, it sorts, filters and downloads as it is",
  async () => {
    using space = new Space();
    const nodes = fileURLToPath(new URL("../../fixtures/rows-node.js", import.meta.url));
    const types = {
      big: { type: "int64" },
      float: { type: "float64", nullable: true },
      text: { type: "utf8", nullable: true },
    };
    const rows = [
      ["5", "NaN", "=cmd|' /C calc'!A0"],
      ["-9007199254740993", "-Infinity", 'comma, "quote"'],
      ["-10", null, "two\nlines"],
      ["9007199254740993", 0.5, "(a|b)*[c"],
      ["0", "Infinity", null],
    ];
    const stages = { a: { node: "rows", with: { types, rows } } };
    space.write("p.yaml", JSON.stringify({ blockspin: 1, use: [nodes], stages, results: ["a"] }));
    await space.cli(["run", "p.yaml"]);
    writeFileSync(space.path("odd.html"), await htmlOf(space));
    await using opened = await openPage(pathToFileURL(space.path("odd.html")).href);
    const { page, problems } = opened;
    const sorted = async (name: string) => {
      await page.locator("th button", { hasText: name }).click();
      const index = Object.keys(types).indexOf(name) + 1;
      return page.locator(`#table-1-0 tbody tr:visible td:nth-child(${index})`).allTextContents();
    };
    expect(await sorted("big")).toEqual(["-9007199254740993", "-10", "0", "5", "9007199254740993"]);
    expect(await sorted("float")).toEqual(["NaN", "-Infinity", "0.5", "Infinity", ""]);
    expect((await sorted("float")).at(-1)).toBe("");
    for (const [typed, found] of [
      ["(a|b)*[", 1],
      [".", 1],
      ["\\", 0],
      ['"QUOTE"', 1],
      ["  ", 5],
    ] as const) {
      await page.locator('[data-filter="table-1-0"]').fill(typed);
      expect(await page.locator("#table-1-0 tbody tr:visible").count(), typed).toBe(found);
    }
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("[data-csv]").click(),
    ]);
    const csv = readFileSync((await download.path())!, "utf8");
    const shown = await space.cli(["show", "p.yaml", "a", "--csv"]);
    expect(csv.replaceAll("\r\n", "\n")).toBe(shown.stdout.replaceAll("\r\n", "\n"));
    expect(problems).toEqual([]);
  },
);
