/** What the page is about, and whether it is complete. */
import { plural } from "../../../text/plural.ts";
import type { Page } from "../model.ts";
import { progressMark, seconds, tallyText, time, total } from "./text.ts";

export function Header({ page }: { page: Page }) {
  const { about, pipeline, file } = page;
  const { commit, run, latest, version, backend, set } = about;
  return (
    <header id="top">
      <h1>{pipeline}</h1>
      <State page={page} />
      <dl class="about">
        <About name="file">
          <code>{file}</code>
        </About>
        <About name="made">{time(about.at)}</About>
        {run && (
          <About name="run">
            {run.name} {run.at && `(${time(run.at)})`} {run.note}
          </About>
        )}
        {latest && (
          <About name="last computed">
            {time(latest.at)}
            {latest.seconds !== undefined && `, ${seconds(latest.seconds)}`}
          </About>
        )}
        {commit && (
          <About name="commit">
            <code title={commit.id}>{commit.id.slice(0, 10)}</code>
            {commit.changed && ", with changes"}
          </About>
        )}
        <About name="blockspin">
          {version}, {backend}
        </About>
        {set.length > 0 && (
          <About name="set">
            <code>{set.join("  ")}</code>
          </About>
        )}
      </dl>
    </header>
  );
}

function About({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function State({ page: { state, results } }: { page: Page }) {
  const { instances, missingResults, failures, gone } = state;
  const all = total(instances);
  const left = all - instances.cached;
  const notes = [
    ...(failures.length > 0 ? [`${plural(failures.length, "instance")} failed`] : []),
    ...(gone.length > 0 ? [`${gone.length} of that run are no longer in the pipeline`] : []),
  ];
  const damaged = results.filter(({ missing }) => missing).map(({ name }) => name);
  if (left === 0 && damaged.length > 0) {
    const text = `all ${plural(all, "instance")} have a record, but bytes of ${damaged.join(", ")} are damaged or gone`;
    return (
      <p class="state warn">
        <b>○ incomplete</b> {[text, ...notes].join("; ")}
      </p>
    );
  }
  if (left === 0) {
    const of = results.length === 0 ? "the pipeline names no results" : "every result is here";
    return (
      <p class="state good">
        <b>✓ complete</b> all {plural(all, "instance")} cached; {[of, ...notes].join("; ")}
      </p>
    );
  }
  const word =
    instances.running > 0 ? "running" : instances.cached === 0 ? "nothing cached" : "partly stale";
  const mark = instances.running > 0 ? progressMark.running : progressMark.run;
  const lost =
    missingResults.length > 0
      ? `not here: ${missingResults.slice(0, 3).join(", ")}${missingResults.length > 3 ? ` and ${missingResults.length - 3} more` : ""}`
      : "every result is here";
  return (
    <p class={`state ${failures.length > 0 ? "bad" : "warn"}`}>
      <b>
        {mark} {word}
      </b>{" "}
      {tallyText(instances)}; {[lost, ...notes].join("; ")}
    </p>
  );
}
