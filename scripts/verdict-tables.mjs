/**
 * Prints the tables of docs/experiment.md from a run: facts, rows, and values along axes, in Markdown.
 * Usage: node scripts/verdict-tables.mjs PIPELINE [STAGE] [option of `show`…]
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const [pipeline, stage = "verdict", ...options] = process.argv.slice(2);

function read(port) {
  const args = [main, "show", pipeline, `${stage}.${port}`, "--json", ...options];
  const text = execFileSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: "pipe",
  });
  return JSON.parse(text);
}

/** None where no claim is judged along an axis: there is no such port then. */
function rowsAlong() {
  try {
    return read("along");
  } catch ({ stderr }) {
    if (String(stderr).includes('has no output "along"')) return [];
    throw new Error(String(stderr));
  }
}

function print(title, header, rows) {
  console.log(`### ${title}\n`);
  console.log(`| ${header.join(" | ")} |\n|${header.map(() => "---").join("|")}|`);
  for (const row of rows) console.log(`| ${row.map(cell).join(" | ")} |`);
  console.log("");
}

const cell = (text) => String(text).replaceAll("|", "\\|");
/** Three figures; the ends of an interval as many decimals as its width has. */
const figures = (x, digits = 3) => String(Number(x.toPrecision(digits)));

function interval({ lo, hi }) {
  if (lo === null || hi === null) return "";
  const decimals = Math.min(6, Math.max(0, 2 - Math.ceil(Math.log10(hi - lo))));
  return `${lo.toFixed(decimals)} … ${hi.toFixed(decimals)}`;
}

function word({ verdict, answer = verdict, counts, as_expected, expected }) {
  const text = counts === "" ? answer : `${answer}: ${counts}`;
  if (expected === "" || as_expected === true) return text;
  // What nothing can be said of yet is not against what was expected.
  return `${text} (${as_expected === false ? "" : "not decided: "}expected ${expected})`;
}
const value = ({ estimate, scale }) =>
  estimate === null ? "" : (scale === "log" ? "×" : "") + figures(estimate);
const rests = ({ bearing, states }) =>
  [bearing === "empirical" ? "" : bearing, states === "opposite" ? "(states the opposite)" : ""]
    .filter((text) => text !== "")
    .join(" ");

const facts = read("facts");
const table = read("table");
const along = rowsAlong();
for (const role of ["claim", "control"]) {
  const of = (rows) => rows.filter((row) => row.role === role);
  print(
    `Facts: ${role}s`,
    ["fact", "answer", "rests on", "what was found"],
    of(facts).map((row) => [row.fact, word(row), rests(row), row.says]),
  );
  print(
    `Rows: ${role}s`,
    [role, "where", "verdict", "estimate", "interval", "margin", "left", "right"],
    of(table).map((row) => [
      ...[row.claim, row.each, word(row), value(row), interval(row), row.margin],
      ...[row.left, row.right].map((x) => (x === null ? "" : figures(x))),
    ]),
  );
}
if (along.length > 0) {
  print(
    "Along axes",
    ["claim", "where", "axis", "value", "verdict", "estimate", "interval"],
    along.map((row) => [
      ...[row.claim, row.each, row.axis, figures(row.value, 5), row.verdict],
      ...[value(row), interval(row)],
    ]),
  );
}
