/** Tables as text: aligned for people, comma-separated for programs. Knows no artifact. */

export type Cell = string | number | bigint | boolean | null;

/** Columns aligned, numbers to the right. Long texts are cut at `width` characters. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  width = 60,
): string {
  const texts = rows.map((row) => row.map((cell) => clip(formatCell(cell), width)));
  const numeric = header.map((_, i) =>
    rows.every(
      (row) => row[i] === null || typeof row[i] === "number" || typeof row[i] === "bigint",
    ),
  );
  const widths = header.map((name, i) =>
    Math.max(name.length, ...texts.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((w) => "─".repeat(w))), ...texts.map(line)].join("\n");
}

const clip = (text: string, width: number) =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

/** Numbers to five significant digits, as a person would write them. */
export function formatCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "number" || Number.isInteger(cell) || !Number.isFinite(cell))
    return String(cell);
  return String(Number(cell.toPrecision(5)));
}

/** RFC 4180; numbers at full precision. */
export function csv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const quote = (text: string) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const line = (cells: readonly Cell[]) =>
    cells.map((cell) => (cell === null ? "" : quote(String(cell)))).join(",");
  return `${[line(header), ...[...rows].map(line)].join("\n")}\n`;
}
