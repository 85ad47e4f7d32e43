/** Values of others as one line of text. */
import { clipEnd } from "../../../text/clip.ts";
import type { Field } from "../model.ts";

const maxLength = 400;

/** JSON; a text without its quotes. */
export function textOf(value: unknown, length = maxLength): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return clipEnd(text, length);
}

export function fieldsOf(values: Readonly<Record<string, unknown>>): Field[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: textOf(value) }));
}
