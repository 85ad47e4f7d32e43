/** Tables that sort, filter and download; the page's script does that with the data beside each. */
import type { Cell } from "../../../formats/cells.ts";
import { formatEstimate, formatNumber } from "../../../text/estimate.ts";
import { formatP } from "../../../text/p-value.ts";
import { plural } from "../../../text/plural.ts";
import type { Column, Missing, Page, ResultTable } from "../model.ts";
import { Data } from "./data.tsx";
import { Terms } from "./terms.tsx";

export function Results({ page }: { page: Page }) {
  if (page.results.length === 0) return null;
  return (
    <section id="results" aria-labelledby="results-title">
      <h2 id="results-title">Results</h2>
      {page.results.map((table) => (
        <Result key={table.id} table={table} />
      ))}
    </section>
  );
}

function Result({ table }: { table: ResultTable }) {
  const { id, name, rows, total, command, missing, cut, sources } = table;
  return (
    <div class="result">
      <h3>{name}</h3>
      {missing && <NotThere missing={missing} />}
      {table.columns.length > 0 && (
        <>
          <Tools id={id} name={name} rows={rows.length} />
          <Rows table={table} />
          <ColumnNotes columns={table.columns} />
          <p class="note">
            {rows.length < total && `The first ${rows.length} of ${plural(total, "row")}. `}
            {cut && "Long cells are cut. "}
            {rows.length < total || cut ? "All of it: " : "Also: "}
            <code>{command}</code>{" "}
            {sources[0] && <a href={`#${sources[0]}`}>where it comes from</a>}
          </p>
        </>
      )}
    </div>
  );
}

/** What the columns mean: a list, as what appears on hovering reaches neither touch nor keyboard. */
function ColumnNotes({ columns }: Pick<ResultTable, "columns">) {
  const known = columns.filter(({ note }) => note !== "");
  if (known.length === 0) return null;
  return (
    <details class="legend">
      <summary>What the columns mean</summary>
      <Terms terms={known.map(({ name, note }) => ({ name, says: note }))} />
    </details>
  );
}

export function NotThere({ missing: { labels, count, command } }: { missing: Missing }) {
  const more = count - labels.length;
  return (
    <p class="warn">
      ○ Not cached: {labels.join(", ")}
      {more > 0 && ` and ${more} more`}. This computes it: <code>{command}</code>
    </p>
  );
}

function Tools({ id, name, rows }: { id: string; name: string; rows: number }) {
  return (
    <div class="tools script-only">
      <label>
        Filter <input type="search" data-filter={id} autocomplete="off" />
      </label>
      <output data-count={id}>{plural(rows, "row")}</output>
      <button type="button" data-csv={id} data-name={`${name}.csv`}>
        Download CSV
      </button>
    </div>
  );
}

/** A column of the page, which may hold several of the data. */
interface Shown extends Column {
  readonly index: number;
  text(row: readonly Cell[]): string;
}

function shownColumns({ columns, estimate, verdict }: ResultTable): Shown[] {
  return columns.flatMap((column, index): Shown[] => {
    if (index === estimate?.low || index === estimate?.high) return [];
    if (index === verdict?.counts) return [];
    if (index === verdict?.verdict) {
      const text = (row: readonly Cell[]) =>
        [row[index]!, row[verdict.counts]!].filter((cell) => cell !== "").join(": ");
      return [{ ...column, index, text }];
    }
    if (index !== estimate?.estimate)
      return [{ ...column, index, text: (row) => (column.isP ? pOf : textOf)(row[index]!) }];
    const number = (cell: Cell | undefined) => (cell === null ? Number.NaN : Number(cell));
    const text = (row: readonly Cell[]) =>
      formatEstimate(number(row[index]), number(row[estimate.low]), number(row[estimate.high]));
    return [
      {
        ...column,
        name: `${column.name} [${columns[estimate.low]!.name}, ${columns[estimate.high]!.name}]`,
        index,
        text,
      },
    ];
  });
}

const pOf = (cell: Cell) => (cell === null ? "" : formatP(Number(cell)));

function textOf(cell: Cell): string {
  if (cell === null) return "";
  const text = String(cell);
  return typeof cell === "number" && text.length > 7 ? formatNumber(cell) : text;
}

function Rows({ table }: { table: ResultTable }) {
  const { id, name, columns, rows } = table;
  const shown = shownColumns(table);
  return (
    <>
      <section class="scroll" aria-label={`table ${name}`} tabindex={0}>
        <table id={id} data-table={id}>
          <thead>
            <tr>
              {shown.map((column) => (
                <th key={column.index} scope="col" class={column.numeric ? "number" : ""}>
                  <button type="button" data-sort={column.index}>
                    {column.name}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i} data-row={i}>
                {shown.map((column) => (
                  <td key={column.index} class={column.numeric ? "number" : ""}>
                    {column.text(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Data id={`data-${id}`} value={{ columns: columns.map((column) => column.name), rows }} />
    </>
  );
}
