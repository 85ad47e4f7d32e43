import { chromium } from "playwright-core";

const [, , url, out, width = "1280", height = "800", scheme = "light", full = "", hash = ""] =
  process.argv;
const b = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const p = await b.newPage({ viewport: { width: +width, height: +height }, colorScheme: scheme });
p.on("console", (m) => console.log("console", m.type(), m.text()));
p.on("pageerror", (e) => console.log("error", e.message));
await p.goto(url + hash);
await p.waitForTimeout(300);
console.log(
  "body",
  await p.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
    document.body.scrollHeight,
  ]),
);
await p.screenshot({ path: out, fullPage: full === "full" });
await b.close();
