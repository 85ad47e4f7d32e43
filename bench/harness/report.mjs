/** Results as Markdown: goals first, then what each side took. Knows no job. */
import { digits } from "./measure.mjs";

export function markdown(results) {
  const { jobs } = results;
  const goals = jobs.flatMap((job) => job.rows.flatMap((row) => goalRows(job, row)));
  return [
    "# Results of the benchmarks",
    preamble(results),
    "## Goals",
    table(["job", "case", "Blockspin", "goal", "", "of the limit"], goals),
    "`of the limit`: how near the figure is to what bounds it, which each job names below.",
    ...jobs.flatMap(section),
    "",
  ].join("\n\n");
}

function preamble({ date, quick, machine, load, minutes }) {
  const { cpu, cores, memory, node, cycle, copy, hash, start, spawn, made, read } = machine;
  const lines = [
    `${date.slice(0, 16).replace("T", " ")} UTC, ${minutes.toFixed(1)} minutes; load ${load.join(" before, ")} after.`,
    `${cores} cores of ${cpu}, ${memory} GiB, Node ${node.slice(1)}.`,
    `This machine at best, one core: a cycle of ${digits(cycle * 1e9)} ns; copies ${digits(copy / 1e9)} GB/s; ` +
      `SHA-256 ${digits(hash / 1e9)} GB/s; an empty Node program ${digits(start * 1000)} ms; starting \`true\` ` +
      `${digits(spawn * 1000)} ms; a small file made and renamed ${digits(made * 1e6)} us, read ${digits(read * 1e6)} us.`,
    "Ratios are our seconds over the peer's: below 1 Blockspin is faster. Medians, and quartiles in brackets, " +
      "of repetitions in turn. CPU seconds are those of all threads and child processes.",
  ];
  if (quick)
    lines.unshift("**A quick run, which shows that the jobs work. Its figures mean nothing.**");
  return lines.join("\n\n");
}

/** One for each goal of a row; a failure takes their place. */
function goalRows({ title }, row) {
  if (row.failed) return [[title, row.name, "", "", "**failed**", ""]];
  const near = nearness(row);
  return row.goals.map((goal) => [title, row.name, ...judged(row, goal), near]);
}

/** What we have, the goal, and whether it is met. */
function judged({ show, sides }, goal) {
  const { ours } = sides;
  const verdict = (isMet, value, bound) => [
    isMet ? "met" : `**missed**, by ${digits(value / bound)}x`,
  ];
  if (goal.peak !== undefined) {
    const met = verdict(ours.peak <= goal.peak, ours.peak, goal.peak);
    return [`${digits(ours.peak)} MiB`, `≤ ${goal.peak} MiB`, ...met];
  }
  if (goal.peer !== undefined) {
    const ratio = sides[goal.peer]?.[`${goal.of}Ratio`]?.median;
    const text = `≤ ${digits(goal.atMost)} of ${goal.peer} (${goal.of})`;
    if (ratio === undefined) return ["", text, "peer missing"];
    return [`${digits(ratio)}x`, text, ...verdict(ratio <= goal.atMost, ratio, goal.atMost)];
  }
  const value = figure(show, ours);
  const shown = `${digits(value)} ${show.unit}`;
  if (goal.atMost !== undefined) {
    return [
      shown,
      `≤ ${goal.atMost} ${show.unit}`,
      ...verdict(value <= goal.atMost, value, goal.atMost),
    ];
  }
  return [
    shown,
    `≥ ${goal.atLeast} ${show.unit}`,
    ...verdict(value >= goal.atLeast, goal.atLeast, value),
  ];
}

/** The figure of a row in its unit. */
function figure({ of, scale, rate }, side, which = "median") {
  const seconds = side[of][which];
  return rate === undefined ? seconds * scale : rate / seconds;
}

function nearness({ show, limit, sides }) {
  if (limit.value === undefined) return "";
  const value = figure(show, sides.ours);
  const share = show.rate === undefined ? limit.value / value : value / limit.value;
  return `${digits(100 * share)} %`;
}

function section({ title, method, seconds, rows }) {
  const header = [
    "case",
    "side",
    "figure",
    "CPU s a unit",
    "wall s a unit",
    "ratio, CPU",
    "ratio, wall",
    "n",
  ];
  const lines = rows.flatMap((row) => (row.failed ? [] : sideRows(row)));
  return [
    `## ${title}`,
    `${method} (${seconds.toFixed(0)} s)`,
    ...(lines.length ? [table(header, lines)] : []),
    ...limits(rows),
    ...rows.flatMap(({ name, failed }) => (failed ? [`Failed: ${name}: ${oneLine(failed)}`] : [])),
  ];
}

function sideRows({ name, show, sides, missing }) {
  const present = Object.entries(sides).map(([peer, side]) => [
    peer === "ours" ? name : "",
    peer === "ours" ? "Blockspin" : peer + (side.version ? ` (${side.version})` : ""),
    `${digits(figure(show, side))} ${show.unit}${side.peak ? `, ${digits(side.peak)} MiB` : ""}`,
    interval(side.cpu, seconds),
    interval(side.wall, seconds),
    side.cpuRatio ? interval(side.cpuRatio, digits) : "",
    side.wallRatio ? interval(side.wallRatio, digits) : "",
    String(side.repetitions),
  ]);
  const absent = Object.entries(missing).map(([peer, why]) => [
    "",
    peer,
    `missing: ${why}`,
    "",
    "",
    "",
    "",
    "",
  ]);
  return [...present, ...absent];
}

function interval({ median, low, high }, print) {
  return `${print(median)} [${print(low)}, ${print(high)}]`;
}

function seconds(x) {
  return x >= 0.01 || x === 0 ? digits(x) : x.toExponential(2);
}

/** Each limit once, with the cases that have it. */
function limits(rows) {
  const texts = new Map();
  for (const { name, limit, show } of rows) {
    if (!limit) continue;
    const value = limit.value === undefined ? "" : `${digits(limit.value)} ${show.unit}: `;
    const text = value + limit.text;
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  if (texts.size === 0) return [];
  const one = texts.size === 1;
  return [
    [...texts]
      .map(([text, names]) => `Limit${one ? "" : ` of ${names.join("; ")}`}: ${text}.`)
      .join("\n\n"),
  ];
}

function table(header, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => oneLine(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, " ");
}
