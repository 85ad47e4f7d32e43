/** Ablations against the baseline: what changed, and how far each metric moved. */
import { formatEstimate, formatNumber } from "../../../text/estimate.ts";
import { groupBy } from "../../../text/group.ts";
import type { Ablations as All, MetricPart, Page } from "../model.ts";
import { forestAxis, Interval, Ticks, type Tone } from "./forest.tsx";

export function AblationsView({ page: { ablations } }: { page: Page }) {
  if (!ablations) return null;
  const compared = ablations.metrics.filter(({ rows }) => rows.length > 0);
  const rest = ablations.metrics.filter(({ rows }) => rows.length === 0);
  return (
    <section id="ablations" aria-labelledby="ablations-title">
      <h2 id="ablations-title">Ablations against the baseline</h2>
      <Variants variants={ablations.variants} />
      {compared.map((metric) => (
        <Metric key={metric.name} metric={metric} />
      ))}
      {rest.length > 0 && (
        <p class="note">
          No difference to show, since nothing else is cached or the bytes are equal:{" "}
          {rest.map(({ name }) => name).join(", ")}.
        </p>
      )}
      {compared.length > 0 && (
        <p class="note">
          Difference: the mean of the paired differences. Its interval holds jointly for all
          comparisons of a metric at 95 %; p is of a paired t test, corrected by Holm.
        </p>
      )}
    </section>
  );
}

const shownVariants = 30;

function Variants({ variants }: Pick<All, "variants">) {
  return (
    <>
      <ul class="variants">
        {variants.slice(0, shownVariants).map(({ name, changes, cached, instances, command }) => (
          <li key={name}>
            <b>{name}</b>{" "}
            {changes.map((change) => (
              <code key={change.name}>
                {change.name}: {change.value}
              </code>
            ))}{" "}
            {cached < instances ? (
              <small>
                ○ {cached} of {instances} cached; <code>{command}</code>
              </small>
            ) : (
              <small>✓ all {instances} cached</small>
            )}
          </li>
        ))}
      </ul>
      {variants.length > shownVariants && (
        <p class="note">{variants.length - shownVariants} more ablations are not listed.</p>
      )}
    </>
  );
}

const tones: Readonly<Record<string, Tone>> = { better: "good", worse: "bad" };
const marks: Readonly<Record<string, string>> = {
  ...{ better: "✓", worse: "✗", higher: "↑", lower: "↓", unclear: "◇", same: "=" },
};
const shownRows = 60;

function Metric({ metric }: { metric: MetricPart }) {
  const { name, what, note, better, over, rows, notes } = metric;
  const axis = forestAxis(rows.map(drawn), Number.NaN, false);
  return (
    <div class="claim">
      <h3>{name}</h3>
      <p class="text">
        {what}
        {over && `; pairs of equal ${over}`}
        {better && `; ${better} is better`}
        {note && `. ${note}`}
      </p>
      {rows.length > 0 && (
        <div class="forest">
          {[...groupBy(rows.slice(0, shownRows), (row) => row.ablation)].map(
            ([ablation, members]) =>
              members.map((row) => (
                <div class="row" key={`${ablation} ${row.at}`}>
                  <span class="at">
                    {ablation}
                    {row.at && <small> {row.at}</small>}
                  </span>
                  <Interval {...drawn(row)} axis={axis} tone={tones[row.outcome] ?? "plain"} />
                  <span
                    class="number"
                    title={`baseline ${formatNumber(row.baseline)}, here ${formatNumber(row.value)}`}
                  >
                    {formatEstimate(row.difference, row.low, row.high)}
                  </span>
                  <span class={`verdict ${tones[row.outcome] ?? "plain"}`}>
                    <span aria-hidden="true">{marks[row.outcome]}</span> {row.outcome}
                    <small> {significance(row)}</small>
                  </span>
                </div>
              )),
          )}
          <div class="row axis">
            <span class="at">difference</span>
            <Ticks axis={axis} />
            <span />
            <span />
          </div>
        </div>
      )}
      {rows.length > shownRows && (
        <p class="note">{rows.length - shownRows} more rows are not drawn.</p>
      )}
      {notes.length > 0 && <p class="note">{notes.join("; ")}</p>}
    </div>
  );
}

function drawn({ difference, low, high }: MetricPart["rows"][number]) {
  return { estimate: difference, low, high };
}

function significance({ p, n }: MetricPart["rows"][number]): string {
  if (Number.isNaN(p)) return `n = ${n}`;
  return `n = ${n}, p ${p < 1e-4 ? "< 0.0001" : `= ${Number(p.toPrecision(2))}`}`;
}
