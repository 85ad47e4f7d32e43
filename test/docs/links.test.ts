/** Every relative link of README and docs/ leads to a file and a heading that are there. */
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { allPages, anchorsOf, type Page, prose, readPage } from "./page.ts";

const others = ["ARCHITECTURE.md", "CONTRIBUTING.md"].map(readPage);

/** Links that lead nowhere. */
function broken(page: Page): string[] {
  const links = prose(page).matchAll(/\]\(([^)\s]+)\)/g);
  return [...links].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [name = "", anchor] = link.split("#");
    const path = name === "" ? page.path : posix.join(posix.dirname(page.path), name);
    if (!existsSync(path)) return link;
    const target = path === page.path ? page : readPage(path);
    return anchor === undefined || anchorsOf(target).has(anchor) ? [] : link;
  });
}

test.each([...allPages(), ...others])("the links of $path lead somewhere", (page) => {
  expect(broken(page)).toEqual([]);
});

test("a link to a heading or a file that is not there is found", () => {
  const text = "# A b\n[1](#a-b) [2](#a) [3](none.md) [4](https://example.org)\n```\n[5](x)\n```\n";
  expect(broken({ path: "docs/README.md", text, blocks: [] })).toEqual(["#a", "none.md"]);
});

test("the index names every page of docs/", () => {
  const index = readPage("docs/README.md");
  for (const { path } of allPages()) {
    if (path !== index.path && path !== "README.md") {
      expect(index.text).toContain(`](${posix.basename(path)})`);
    }
  }
});
