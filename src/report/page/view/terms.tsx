/** A list of terms and what is said of each. */
import type { ComponentChildren } from "preact";
import type { Field } from "../model.ts";

interface TermsProps {
  readonly terms: readonly { readonly name: string; readonly says: ComponentChildren }[];
}

/** For columns wide enough that what is said stands beside its name. */
export function Terms({ terms }: TermsProps) {
  return (
    <dl class="fields">
      <Listed terms={terms} />
    </dl>
  );
}

/** The terms of a `dl` whose looks its surroundings set. */
export function Listed({ terms }: TermsProps) {
  return terms.map(({ name, says }) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd>{says}</dd>
    </div>
  ));
}

export function Fields({ title, fields }: { title: string; fields: readonly Field[] }) {
  if (fields.length === 0) return null;
  return (
    <>
      {title && <h4>{title}</h4>}
      <Terms terms={fields.map(({ name, value }) => ({ name, says: <code>{value}</code> }))} />
    </>
  );
}
