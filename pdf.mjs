import { chromium } from "playwright-core";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless","--no-sandbox","--disable-gpu"] });
const p = await b.newPage({ viewport: { width: 794, height: 1123 } });
await p.goto("file:///tmp/w/r.html"); await p.emulateMedia({media:"print", colorScheme:"dark"});
await p.screenshot({path:"/tmp/w/print1.png"});
await p.evaluate(()=>document.getElementById("figures").scrollIntoView()); await p.screenshot({path:"/tmp/w/print2.png"});
await p.evaluate(()=>document.getElementById("graph").scrollIntoView()); await p.screenshot({path:"/tmp/w/print3.png"});
const pdf = await p.pdf({format:"A4", path:"/tmp/w/r.pdf"}); console.log(pdf.length, (pdf.toString("latin1").match(/\/Type \/Page\b/g)||[]).length);
await b.close();
