/** Every verdict, claim by claim, each with its interval on the claim's axis. */
import { groupBy } from "../../../text/group.ts";
import { formatP } from "../../../text/p-value.ts";
import type { Conclusion, Conclusions, Fact } from "../../summary/index.ts";
import type { Page } from "../model.ts";
import { forestAxis, Interval, Ticks } from "./forest.tsx";
import { Terms } from "./terms.tsx";
import {
  Answered,
  Bearing,
  bearingMeanings,
  estimateOf,
  nameOf,
  toneOf,
  Verdict,
} from "./verdict.tsx";

export function Claims({ page }: { page: Page }) {
  const parts = page.conclusions.filter(({ ablation, rows, missing }) => {
    return ablation === undefined && rows.length + missing.length > 0;
  });
  if (parts.length === 0) return null;
  return (
    <section id="verdicts" aria-labelledby="verdicts-title">
      <h2 id="verdicts-title">Verdicts by claim</h2>
      <Legend parts={parts} />
      {parts.map((part) => (
        <Part
          key={part.stage}
          part={part}
          sources={page.sources}
          of={parts.length > 1 ? `${part.stage}: ` : ""}
        />
      ))}
    </section>
  );
}

function Legend({ parts }: { parts: readonly Conclusions[] }) {
  const words = new Map(parts.flatMap(({ verdicts }) => Object.entries(verdicts)));
  return (
    <details class="legend">
      <summary>How to read this</summary>
      <p>
        The dot is the estimate, the line its interval: a difference of the two sides that are
        compared, left less right, or their ratio (×). The shaded zone lies within the margin: an
        interval beyond it on the claimed side supports the claim. A thin line marks no difference.{" "}
        <span class="good">✓ as expected</span>, <span class="bad">✗ not as expected</span>; nothing
        was expected of the others: ▲ as claimed, ▽ not as claimed (the interval lies wholly short
        of the margin, of equality beyond it), ◇ not decided, • several answers or no interval.
      </p>
      <Terms
        terms={[...words, ...Object.entries(bearingMeanings)].map(([name, says]) => ({
          name,
          says,
        }))}
      />
    </details>
  );
}

interface PartProps extends Pick<Page, "sources"> {
  readonly part: Conclusions;
  /** What stands before the names of its groups, where several stages conclude. */
  readonly of: string;
}

function Part({ part, sources, of }: PartProps) {
  const { groups, missing, stage } = part;
  return (
    <>
      {missing.length > 0 && (
        <p class="warn">
          ○ {missing.length} of the instances of {stage} are not cached: their verdicts are not
          here.
        </p>
      )}
      {groups.map(({ name, role, rows, facts }) => (
        <div key={`${role} ${name}`} class="claim-group">
          <h3>
            {of}
            {name || (role === "claim" ? "Claims" : "Controls")}
            {role === "control" && name !== "" && name !== "controls" && <small> controls</small>}
          </h3>
          <Facts facts={facts} rows={rows} sources={sources} />
        </div>
      ))}
    </>
  );
}

/** Claims, each below the fact that it measures where that has several. */
function Facts({ facts, rows, sources }: FactsProps) {
  const claimsOf = (members: readonly Conclusion[]) =>
    [...groupBy(members, axisOf)].map(([key, some]) => (
      <Claim key={key} rows={some} sources={sources} />
    ));
  if (facts.length === 0) return <div class="claims">{claimsOf(rows)}</div>;
  return facts.map((fact) => (
    <div key={`${fact.id} ${fact.name}`} class="fact">
      <p>
        <b>{nameOf(fact)}</b> <Answered fact={fact} /> <Bearing of={fact} />{" "}
        <small>{fact.says}</small>
      </p>
      {fact.text !== "" && fact.text !== fact.rows[0]?.text && <p class="text">{fact.text}</p>}
      <div class="claims">{claimsOf(fact.rows)}</div>
    </div>
  ));
}

interface FactsProps extends Pick<Page, "sources"> {
  readonly facts: readonly Fact[];
  readonly rows: readonly Conclusion[];
}

/** Rows of one claim that can share an axis: each has the margin and the words of the others. */
function axisOf({ name, text, margin, ratio, bearing }: Conclusion): string {
  return JSON.stringify([name, text, margin, ratio, bearing]);
}

/** The instance that concludes it, and its record. */
function Place({ row: { id }, sources }: { row: Conclusion; sources: Page["sources"] }) {
  const source = sources.find(({ instance }) => instance === id);
  return source ? <a href={`#${source.id}`}>{id}</a> : <code>{id}</code>;
}

/** `; p < 1e-6 by t, 0.0078 by signs` */
function testOf({ p, pFlip }: Conclusion): string {
  const parts = [
    ...(Number.isNaN(p) ? [] : [`p ${equals(p)} if differences are normal`]),
    ...(Number.isNaN(pFlip) ? [] : [`${equals(pFlip)} by the sign-flip test`]),
  ];
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}

const equals = (p: number) => formatP(p).replace(/^(?!<)/, "= ");

interface ClaimProps extends Pick<Page, "sources"> {
  readonly rows: readonly Conclusion[];
}

function Claim({ rows, sources }: ClaimProps) {
  const [first] = rows;
  const { name, text, margin, ratio } = first!;
  const axis = forestAxis(rows, margin, ratio);
  const kind = ratio ? "ratio" : "difference";
  return (
    <article class="claim">
      <h4>
        {name || "(no name)"} <Bearing of={first!} />
      </h4>
      {text !== "" && <p class="text">{text}</p>}
      <div class="forest">
        {rows.map((row) => (
          <div class="row" key={`${row.id} ${row.at}`}>
            <span class="at">{row.at || (rows.length > 1 ? "everywhere" : "")}</span>
            <Interval {...row} axis={axis} tone={toneOf(row)} />
            <span class="number">{estimateOf(row) || "no estimate"}</span>
            <Verdict row={row} />
          </div>
        ))}
        <div class="row axis">
          <span class="at">{kind}</span>
          <Ticks axis={axis} />
          <span class="note">{axis.zone ? `margin ${Number(margin.toPrecision(4))}` : ""}</span>
          <span />
        </div>
      </div>
      <details>
        <summary>Why</summary>
        <ul>
          {rows.map((row) => (
            <li key={`${row.id} ${row.at}`}>
              {row.at && `${row.at}: `}
              {row.reason || "no reason is given"}
              {testOf(row)} <Place row={row} sources={sources} />
            </li>
          ))}
        </ul>
      </details>
    </article>
  );
}
