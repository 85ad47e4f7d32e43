/** SVG → PNG, and what a machine without fonts is told. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { rasterize } from "../../../dist/index.js";

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="#00ff00"/><text x="1" y="15" font-family="system-ui, sans-serif">W</text></svg>';

const hasFonts = () => {
  try {
    return execFileSync("fc-list", { encoding: "utf8" }).trim() !== "";
  } catch {
    return false;
  }
};

test("a PNG has twice the pixels of the SVG, and the letters of the machine's fonts", async () => {
  const { png, warning } = await rasterize(svg);
  const bytes = Buffer.from(png);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([60, 40]);
  if (!hasFonts()) {
    console.warn("this machine has no fonts: only the warning was tested");
    expect(warning).toMatch(/no font/);
    return;
  }
  expect(warning).toBeUndefined();
  const blank = await rasterize(svg.replace("W", " "));
  expect(Buffer.compare(Buffer.from(blank.png), bytes)).not.toBe(0);
});

test("without a font there is a warning, not silence", async () => {
  const { png, warning } = await rasterize(svg, { fonts: [] });
  expect(png.length).toBeGreaterThan(50);
  expect(warning).toBe(
    "this machine has no font: the PNG has no text; install one (such as DejaVu Sans), or export SVG",
  );
  const silent = await rasterize('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', {
    fonts: [],
  });
  expect(silent.warning).toBeUndefined();
});

test("no file of the machine gets into a picture", async () => {
  const outside = svg.replace("<text", '<image href="/etc/hostname" width="5" height="5"/><text');
  const [a, b] = await Promise.all([rasterize(svg), rasterize(outside)]);
  expect(Buffer.compare(Buffer.from(a.png), Buffer.from(b.png))).toBe(0);
});
