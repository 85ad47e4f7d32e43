/** What failed, with the end of its log, and what warned. */
import { plural } from "../../../text/plural.ts";
import type { Failure, Page, Warning } from "../model.ts";

const shownFailures = 20;
const shownLines = 30;

export function Problems({ page: { state } }: { page: Page }) {
  const { failures, warnings } = state;
  if (failures.length + warnings.length === 0) return null;
  return (
    <section id="problems" aria-labelledby="problems-title">
      <h2 id="problems-title">{failures.length > 0 ? "Failures and warnings" : "Warnings"}</h2>
      {failures.slice(0, shownFailures).map((failure) => (
        <Failed key={failure.label} failure={failure} />
      ))}
      {failures.length > shownFailures && (
        <p class="note">
          {plural(failures.length - shownFailures, "more failure")} are not listed.
        </p>
      )}
      {warnings.length > 0 && (
        <details>
          <summary>{plural(warnings.length, "kind")} of warnings in the records</summary>
          <ul class="warnings">
            {warnings.slice(0, 50).map((warning) => (
              <Warned key={`${warning.code} ${warning.message}`} warning={warning} />
            ))}
          </ul>
          {warnings.length > 50 && <p class="note">{warnings.length - 50} more are not listed.</p>}
        </details>
      )}
    </section>
  );
}

function Failed({ failure: { label, error, log, command } }: { failure: Failure }) {
  const more = log.length - shownLines;
  return (
    <details class="failure">
      <summary>
        <b class="bad">✗ {label}</b> {error.split("\n")[0]}
      </summary>
      <pre>{error}</pre>
      {log.length > 0 && (
        <>
          <p class="note">
            {more > 0
              ? `The last ${shownLines} of ${log.length} lines; all of them: `
              : "Its log; also: "}
            <code>{command}</code>
          </p>
          <pre>{log.slice(-shownLines).join("\n")}</pre>
        </>
      )}
    </details>
  );
}

function Warned({ warning: { code, message, stages, count } }: { warning: Warning }) {
  return (
    <li>
      <b>{code}</b> {message}{" "}
      <small>
        {stages.join(", ")}
        {count > 1 && `, ${count} times`}
      </small>
    </li>
  );
}
