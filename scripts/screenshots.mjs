/**
 * Takes the pictures of the documentation: the report, its figures in the dark, and the live
 * page in the middle of a run. Usage: node scripts/screenshots.mjs [PIPELINE]
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist/cli/main.js");
const images = join(root, "docs/images");
const pipeline = process.argv[2] ?? "pipelines/smoke.yaml";
const folder = mkdtempSync(join(tmpdir(), "blockspin-screenshots-"));
mkdirSync(images, { recursive: true });

function blockspin(...args) {
  const { status } = spawnSync(process.execPath, [main, ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`blockspin ${args.join(" ")} ended with ${status}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
});

async function picture(name, url, { width, height, colorScheme }, ready = async () => {}) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url);
  await ready(page);
  const path = join(images, `${name}.png`);
  await page.screenshot({ path });
  await page.close();
  console.log(`${path}: ${Math.round(statSync(path).size / 1000)} kB`);
}

/** A run from nothing, in a store of its own, which is stopped when the picture is taken. */
async function live() {
  const args = ["ui", pipeline, "--no-open", "--cache", join(folder, "cache")];
  const run = spawn(process.execPath, [main, ...args], { cwd: root });
  const ended = new Promise((resolve) => run.once("close", resolve));
  const url = await new Promise((resolve) => {
    createInterface({ input: run.stdout }).once("line", resolve);
  });
  await picture("live", url, { width: 1200, height: 800, colorScheme: "light" }, async (page) => {
    // Training has begun and shows its loss.
    const curve = page.locator("#live .curve", { hasText: "loss" });
    await curve.first().waitFor({ timeout: 120_000 });
    await page.waitForTimeout(700);
  });
  run.kill("SIGINT");
  await ended;
}

try {
  await live();
  blockspin("run", pipeline);
  const file = join(folder, "report.html");
  blockspin("report", pipeline, "--out", file);
  const { href } = pathToFileURL(file);
  await picture("report", href, { width: 1200, height: 860, colorScheme: "light" });
  await picture("report-dark", href, { width: 1200, height: 860, colorScheme: "dark" }, (page) =>
    page.evaluate(() => {
      const at = (name) => document.getElementById(name);
      (at("figures") ?? at("verdicts")).scrollIntoView();
    }),
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
