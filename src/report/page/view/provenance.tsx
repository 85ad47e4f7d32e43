/** Where every number of the page comes from, and the commands that make it again. */

import { groupBy } from "../../../text/group.ts";
import { plural } from "../../../text/plural.ts";
import type { Page, Source } from "../model.ts";
import { Fields } from "./terms.tsx";
import { seconds, time } from "./text.ts";

export function Provenance({ page: { sources, again, about } }: { page: Page }) {
  return (
    <section id="provenance" aria-labelledby="provenance-title">
      <h2 id="provenance-title">Where the numbers come from</h2>
      <h3>Make it again</h3>
      <pre class="commands">{again.commands.join("\n")}</pre>
      {again.note && <p class="note">{again.note}</p>}
      <details>
        <summary>Parameters of the pipeline</summary>
        <Fields title="" fields={about.params} />
      </details>
      {sources.length > 0 && (
        <>
          <h3>Records</h3>
          <p class="note">
            The {plural(sources.length, "instance")} whose numbers are shown. A key is the digest of
            all that determines a result; a digest is that of its bytes.
          </p>
          {[...groupBy(sources, ({ stage }) => stage)].map(([stage, members]) => (
            <details key={stage} id={`records-${stage}`} class="records">
              <summary>
                {stage} <small>{plural(members.length, "record")}</small>
              </summary>
              {members.map((source) => (
                <Record key={source.id} source={source} />
              ))}
            </details>
          ))}
        </>
      )}
    </section>
  );
}

function Record({ source }: { source: Source }) {
  const { id, label, stage, type, version, backend, key, by, signature, accepted, at } = source;
  const facts = [
    { name: "stage", value: stage },
    { name: "node type", value: `${type}, version ${version}` },
    ...(backend ? [{ name: "backend", value: backend }] : []),
    { name: "key", value: key },
    { name: "computed by", value: by },
    { name: "signature", value: signature ?? "none" },
    ...(accepted ? [{ name: "accepted", value: accepted }] : []),
    { name: "finished", value: `${time(at)}, after ${seconds(source.seconds)}` },
  ];
  return (
    <details class="record" id={id}>
      <summary>
        {label} <small>{`${by}, ${time(at)}`}</small>
      </summary>
      <Fields title="" fields={facts} />
      <Fields title="Outputs" fields={source.outputs} />
      <Fields title="Inputs" fields={source.inputs} />
      <Fields title="Parameters" fields={source.params} />
    </details>
  );
}
