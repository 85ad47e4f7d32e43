/** What a stage is and how far it is: parameters, instances, keys, and the commands that say more. */
import type { Member, Stage } from "../model.ts";
import { Fields } from "./terms.tsx";
import { digest, progressMark, progressWord, seconds, size, tallyText, total } from "./text.ts";

export function StagePanel({ stage }: { stage: Stage }) {
  const { name, type, summary, instances, members, reads, axes, params, commands } = stage;
  const all = total(instances);
  return (
    <section
      class="panel"
      id={`stage-${name}`}
      aria-labelledby={`stage-${name}-title`}
      tabindex={-1}
    >
      <h3 id={`stage-${name}-title`}>
        {name} <small>{type}</small>
      </h3>
      <button type="button" class="close script-only" data-close aria-label={`close ${name}`}>
        ×
      </button>
      <p>{summary}</p>
      <p class="note">
        {tallyText(instances)}; {seconds(stage.seconds)}, {size(stage.bytes)}
      </p>
      {reads.length > 0 && (
        <p>
          reads{" "}
          {reads.map((read, i) => (
            <span key={read}>
              {i > 0 && ", "}
              <a href={`#stage-${read}`} data-stage={read}>
                {read}
              </a>
            </span>
          ))}
        </p>
      )}
      <Fields title="Axes" fields={axes} />
      <Fields title="Parameters" fields={params} />
      <h4>Instances</h4>
      <Members of={name} members={members} />
      {all > members.length && (
        <p class="note">
          The first {members.length} of {all}; all of them: <code>{commands[0]!.value}</code>
        </p>
      )}
      <Fields title="Commands" fields={commands} />
    </section>
  );
}

function Members({ of, members }: { of: string; members: readonly Member[] }) {
  return (
    <section class="scroll" aria-label={`instances of ${of}`} tabindex={0}>
      <table class="members">
        <thead>
          <tr>
            <th scope="col">instance</th>
            <th scope="col">state</th>
            <th scope="col" class="number">
              time
            </th>
            <th scope="col" class="number">
              size
            </th>
            <th scope="col">key</th>
          </tr>
        </thead>
        <tbody>
          {members.map(({ label, progress, key, seconds: spent, bytes, reason }) => (
            <tr key={label}>
              <td title={label}>{label.replace(/^[^[]*\[(.*)\]$/s, "$1")}</td>
              <td class={progress}>
                {progressMark[progress]} {progressWord(progress)}
                {reason && <small> {reason}</small>}
              </td>
              <td class="number">{spent === undefined ? "" : seconds(spent)}</td>
              <td class="number">{bytes === 0 ? "" : size(bytes)}</td>
              <td>{key && <code title={key}>{digest(key)}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
