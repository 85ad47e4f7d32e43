/** What was not expected, not as claimed, or not decided: a list beside the answer. */
import { groupBy } from "../../../text/group.ts";
import { plural } from "../../../text/plural.ts";
import { type Conclusion, type Conclusions, type Group, unitsOf } from "../../summary/index.ts";
import { Bearing, estimateOf, isAgainst, Verdict } from "./verdict.tsx";

const shownRows = 6;

export function Surprises({ part }: { part: Conclusions }) {
  const against = part.rows.filter(
    (row) => row.role === "claim" && row.expectation === "none" && isAgainst(row),
  );
  const open = part.undecided.filter(({ expectation }) => expectation !== "missed");
  // Of answers that are mixed, single values may be open as well.
  const isSplit = part.groups.some(({ facts }) => facts.some(({ counts }) => counts !== ""));
  const lists = { groups: part.groups };
  return (
    <aside class="surprises" aria-label={`What surprised in ${part.stage}`}>
      <h3>What surprised</h3>
      <List
        {...lists}
        title="Not as expected"
        rows={part.notAsExpected}
        none={
          part.rows.some(({ expectation }) => expectation === "met")
            ? "Nothing came that was not expected."
            : "Nothing was expected, or nothing could be judged."
        }
      />
      <List {...lists} title="Not as claimed" rows={against} />
      <List {...lists} title={isSplit ? "Not decided as a whole" : "Not decided"} rows={open} />
    </aside>
  );
}

function List({
  title,
  rows,
  groups,
  none,
}: {
  title: string;
  groups: readonly Group[];
  rows: readonly Conclusion[];
  none?: string;
}) {
  if (rows.length === 0) return none === undefined ? null : <p class="note">{none}</p>;
  const same = [...groupBy(rows, keyOf).values()];
  return (
    <>
      <h4>
        {title}: {countText(rows, groups)}
      </h4>
      <ul>
        {same.slice(0, shownRows).map((members) => (
          <Surprise key={keyOf(members[0]!)} rows={members} />
        ))}
        {same.length > shownRows && (
          <li>
            <a href="#verdicts">and {same.length - shownRows} more</a>
          </li>
        )}
      </ul>
    </>
  );
}

/** `1 control in 2 rows`: in the unit of the cards. */
function countText(rows: readonly Conclusion[], groups: readonly Group[]): string {
  const units = unitsOf(rows, groups);
  const rowsToo = plural(rows.length, "row");
  return groups.some(({ facts }) => facts.length > 0) ? `${units} (${rowsToo})` : units;
}

function keyOf({ name, verdict, expected, bearing }: Conclusion): string {
  return JSON.stringify([name, verdict, expected, bearing]);
}

/** One claim, wherever it came out the same. */
function Surprise({ rows }: { rows: readonly Conclusion[] }) {
  const [first] = rows;
  return (
    <li>
      <span>{first!.name}</span> <Verdict row={first!} /> <Bearing of={first!} />
      {rows.map((row) => (
        <small key={`${row.id} ${row.at}`}>
          {row.at} <span class="number">{estimateOf(row)}</span>
        </small>
      ))}
    </li>
  );
}
