/**
 * A browser for tests of pages: Chromium, driven by Playwright. Tests that need it are skipped, with
 * this reason, where it is not installed.
 */
import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";

const places = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
const executablePath = places.find((path) => existsSync(path));
export const noBrowser = executablePath
  ? undefined
  : `pages are tested with ${places.join(" or ")}, and neither is there`;

let browser: Promise<Browser> | undefined;

function launch(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: executablePath!,
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
  return browser;
}
afterAll(async () => (await browser)?.close());

export interface Opened extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, of the policy, and dialogs; empty for a page that is well. */
  readonly problems: readonly string[];
  /** Addresses that were asked for. */
  readonly requests: readonly string[];
}

/** Opens a page in a window of its own. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await (await launch()).newContext({ acceptDownloads: true, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, problems, requests, [Symbol.asyncDispose]: () => context.close() };
}

/** What axe finds, as `rule: selector`. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Not as an element, which the page's policy would forbid.
  await page.evaluate(axe.source);
  const violations = await page.evaluate("axe.run().then(({ violations }) => violations)");
  return (violations as { id: string; nodes: { target: string[] }[] }[]).flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
}
