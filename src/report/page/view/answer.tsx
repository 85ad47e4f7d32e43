/** What was claimed, what was found, how sure, and what surprised: read before anything else. */
import { plural } from "../../../text/plural.ts";
import type { Conclusion, Conclusions, Group } from "../../summary/index.ts";
import type { Page } from "../model.ts";
import { Surprises } from "./surprises.tsx";
import { Listed } from "./terms.tsx";
import { total } from "./text.ts";
import { Answered, Bearing, estimateOf, nameOf } from "./verdict.tsx";

export function Answer({ page }: { page: Page }) {
  const parts = page.conclusions.filter(({ ablation }) => ablation === undefined);
  const judged = parts.filter(({ rows }) => rows.length > 0);
  if (judged.length === 0) return <NoAnswer page={page} missing={parts.length > 0} />;
  return (
    <section id="answer" aria-labelledby="answer-title">
      <h2 id="answer-title" class="sr">
        The answer
      </h2>
      {judged.map((part) => (
        <One key={part.stage} part={part} alone={judged.length === 1} />
      ))}
    </section>
  );
}

function One({ part, alone }: { part: Conclusions; alone: boolean }) {
  const claims = part.groups.filter(({ role }) => role === "claim");
  const controls = part.groups.filter(({ role }) => role === "control");
  return (
    <div class="answer">
      <div>
        <p class="headline">
          {!alone && <b>{part.stage}: </b>}
          {part.headline}
        </p>
        {part.apart !== "" && <p class="note">{part.apart}</p>}
        <div class="groups">
          {[...claims, ...controls].map((group) => (
            <GroupCard
              key={`${group.role} ${group.name}`}
              group={group}
              words={wordsOf(group.role === "claim" ? claims : controls)}
            />
          ))}
        </div>
      </div>
      <Surprises part={part} />
    </div>
  );
}

/** Every word of the groups, so that a word has one colour in all cards. */
function wordsOf(groups: readonly Group[]): readonly string[] {
  return [...new Set(groups.flatMap(({ counts }) => counts.map(({ word }) => word)))];
}

function GroupCard({ group, words }: { group: Group; words: readonly string[] }) {
  const { name, role, rows, facts, counts, bearings, strongest, weakest } = group;
  const counted = facts.length > 0 ? facts : rows;
  const names = [...new Set(rows.map((row) => row.name))];
  const { asExpected: expected } = group;
  const what = role === "claim" ? "comparison" : "control";
  return (
    <article class="group">
      <h3>
        {name || (role === "claim" ? "Claims" : "Controls")}
        <small> {plural(counted.length, facts.length > 0 ? "fact" : what)}</small>
      </h3>
      {(group.text !== "" || facts.length === 0) && (
        <p class="claimed">
          {group.text || rows[0]!.text || rows[0]!.name}
          {group.text === "" && facts.length === 0 && names.length > 1 && (
            <>
              {" "}
              <a href="#verdicts">and {names.length - 1} more</a>
            </>
          )}
        </p>
      )}
      <Counts counts={counts} words={words} total={counted.length} />
      {expected + group.notAsExpected + group.expectationOpen > 0 && (
        <p class="expected">
          <span class="good">✓ {expected} as expected</span>
          {group.notAsExpected > 0 && (
            <span class="bad">✗ {group.notAsExpected} not as expected</span>
          )}
          {group.expectationOpen > 0 && <span>◇ {group.expectationOpen} not decided</span>}
        </p>
      )}
      {bearings.length > 0 && (
        <p class="note">
          Not from data alone: {bearings.map(({ word, count }) => `${count} ${word}`).join(", ")}
        </p>
      )}
      {facts.length > 0 && (
        <ul class="facts">
          {facts.map((fact) => (
            <li key={`${fact.id} ${fact.name}`}>
              <b>{nameOf(fact)}</b> <Bearing of={fact} />
              <Answered fact={fact} />
              {fact.text !== "" && <p class="text">{fact.text}</p>}
              <small>{fact.says}</small>
            </li>
          ))}
        </ul>
      )}
      <MetricNotes rows={facts.flatMap((fact) => fact.rows)} />
      {facts.length === 0 && strongest && weakest && (
        <dl class="extremes">
          <Extreme label="strongest" row={strongest} />
          {weakest !== strongest && <Extreme label="weakest" row={weakest} />}
        </dl>
      )}
    </article>
  );
}

function Extreme({ label, row }: { label: string; row: Conclusion }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {nameOf(row)} <b class="number">{estimateOf(row)}</b>
      </dd>
    </>
  );
}

/** What the metrics are that the facts name. */
function MetricNotes({ rows }: { rows: readonly Conclusion[] }) {
  const notes = new Map(
    rows
      .filter(({ metric }) => metric.note !== "")
      .map(({ metric }) => [JSON.stringify(metric), metric]),
  );
  if (notes.size === 0) return null;
  return (
    <div class="metrics">
      <p>Numbers are differences, or ratios (×), of:</p>
      <dl>
        <Listed terms={[...notes.values()].map(({ name, note }) => ({ name, says: note }))} />
      </dl>
    </div>
  );
}

interface CountsProps {
  readonly counts: Group["counts"];
  /** In the order of their colours. */
  readonly words: readonly string[];
  readonly total: number;
}

/** A bar of the counts; the words beside it say the same. */
function Counts({ counts, words, total }: CountsProps) {
  const colour = (word: string) => `segment-${Math.min(words.indexOf(word), 4)}`;
  let from = 0;
  const segments = counts.map(({ word, count }) => {
    const segment = { word, x: (100 * from) / total, width: (100 * count) / total };
    from += count;
    return segment;
  });
  return (
    <>
      <svg class="counts" width="100%" height="8" aria-hidden="true">
        {segments.map(({ word, x, width }) => (
          <rect key={word} class={colour(word)} x={`${x}%`} width={`${width}%`} height="8" />
        ))}
      </svg>
      <p class="words">
        {counts.map(({ word, count }) => (
          <span key={word}>
            <svg class="counts" width="9" height="9" aria-hidden="true">
              <rect class={colour(word)} width="9" height="9" />
            </svg>{" "}
            <b>{count}</b> {word}
          </span>
        ))}
      </p>
    </>
  );
}

function NoAnswer({ page, missing }: { page: Page; missing: boolean }) {
  const { results, stages, state, again } = page;
  const cached = state.instances.cached;
  const what = missing
    ? "The verdicts are not computed yet."
    : "This pipeline draws no conclusions of its own.";
  return (
    <section id="answer" aria-labelledby="answer-title">
      <h2 id="answer-title">At a glance</h2>
      <p class="headline">
        {plural(stages.length, "stage")}, {cached} of {plural(total(state.instances), "instance")}{" "}
        cached, {plural(results.filter(({ rows }) => rows.length > 0).length, "table")} below.
      </p>
      <p>
        {what}{" "}
        {cached === 0 && (
          <>
            Nothing is cached; this computes it:{" "}
            <code>{again.commands.find((c) => c.startsWith("blockspin run"))}</code>
          </>
        )}
      </p>
    </section>
  );
}
