import { chromium } from "playwright-core";

const [, , url] = process.argv;
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
const p = await b.newPage({ viewport: { width: 1280, height: 1000 } });
p.on("console", (m) => console.log("console", m.type(), m.text()));
p.on("pageerror", (e) => console.log("error", e.message));
const t = Date.now();
await p.goto(url);
console.log("loaded", Date.now() - t);
await p.waitForTimeout(2500);
await p.screenshot({ path: "/tmp/w/l1.png" });
console.log(await p.textContent("#live h2"));
await p.waitForFunction(
  () => /finished|stopped/.test(document.querySelector("#live h2").textContent),
  null,
  { timeout: 80000 },
);
console.log("finished", Date.now() - t);
await p.waitForTimeout(2500);
await p.screenshot({ path: "/tmp/w/l2.png" });
console.log(await p.textContent("#live h2"), await p.textContent(".state"));
await b.close();
