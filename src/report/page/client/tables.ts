/** Tables that sort, filter and download. The data of a table lie beside it, exact, as JSON. */
import { save } from "./save.ts";

type Cell = string | number | boolean | null;
interface Data {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What a person chose, by table; it outlives a table that is drawn again. */
const chosen = new Map<string, { column?: number; down?: boolean; text?: string }>();

function dataOf(id: string): Data {
  return JSON.parse(document.getElementById(`data-${id}`)!.textContent!) as Data;
}

function choose(id: string, more: { column?: number; down?: boolean; text?: string }): void {
  chosen.set(id, { ...chosen.get(id), ...more });
  arrange(id);
}

/** Up, down, and again. */
export function sort(button: Element): void {
  const { id } = button.closest("table")!;
  const column = Number((button as HTMLElement).dataset["sort"]);
  const before = chosen.get(id);
  choose(id, { column, down: before?.column === column && !before.down });
}

export function filter(input: HTMLInputElement): void {
  choose(input.dataset["filter"]!, { text: input.value });
}

/** Sorts and filters again what was drawn again. */
export function restore(): void {
  for (const id of chosen.keys()) if (document.getElementById(id)) arrange(id);
}

function arrange(id: string): void {
  const { column, down = false, text = "" } = chosen.get(id) ?? {};
  const table = document.getElementById(id) as HTMLTableElement;
  const body = table.tBodies[0]!;
  const { rows } = dataOf(id);
  const indexOf = (row: HTMLTableRowElement) => Number(row.dataset["row"]);
  const order = [...body.rows];
  if (column !== undefined) {
    const button = table.querySelector(`[data-sort="${column}"]`)!;
    const compare = button.closest("th")!.classList.contains("number") ? bySize : asText;
    const cellOf = (row: HTMLTableRowElement) => rows[indexOf(row)]![column] ?? null;
    order.sort((a, b) => {
      const [left, right] = [cellOf(a), cellOf(b)];
      const isMissing = Number(left === null) - Number(right === null);
      if (isMissing !== 0 || left === null || right === null)
        return isMissing || indexOf(a) - indexOf(b);
      return (down ? -1 : 1) * compare(left, right) || indexOf(a) - indexOf(b);
    });
    for (const button of table.querySelectorAll<HTMLElement>("[data-sort]")) {
      const heading = button.closest("th")!;
      if (Number(button.dataset["sort"]) !== column) heading.removeAttribute("aria-sort");
      else heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    }
  }
  const wanted = text.trim().toLowerCase();
  let shown = 0;
  for (const row of order) {
    row.hidden = ![...row.cells].some((cell) => cell.textContent!.toLowerCase().includes(wanted));
    if (!row.hidden) shown++;
  }
  body.append(...order);
  const count = document.querySelector(`[data-count="${id}"]`);
  const all = order.length;
  if (count) count.textContent = shown === all ? `${all} rows` : `${shown} of ${all} rows`;
}

type Present = Exclude<Cell, null>;

/** What JSON cannot hold as a number is text: integers of 64 bits, infinities, and NaN, which is least. */
function bySize(a: Present, b: Present): number {
  const [left, right] = [Number(a), Number(b)];
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(right)) - Number(Number.isNaN(left));
  return left === right ? 0 : left < right ? -1 : 1;
}

function asText(a: Present, b: Present): number {
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

/** All columns and rows of the page, whatever is filtered. */
export function download(id: string, name: string): void {
  const { columns, rows } = dataOf(id);
  const text = [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  save(new Blob([text], { type: "text/csv" }), name);
}

/** RFC 4180. */
function quoted(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
