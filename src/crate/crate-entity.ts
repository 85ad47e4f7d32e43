/** Entities of flat, compact JSON-LD, as RO-Crate has it. Knows nothing of what they mean. */

/** An entity of the flat graph. */
export interface Entity {
  readonly "@id": string;
  readonly "@type": string | readonly string[];
  readonly [property: string]: unknown;
}

interface Reference {
  readonly "@id": string;
}

/** A path as a URI reference. `=` is common in our file names, and RFC 3986 does not escape it. */
export function uri(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/").replaceAll("%3D", "=");
}

/** An identifier within this crate. */
export function idOf(...parts: readonly string[]): string {
  return `#${parts.map(encodeURIComponent).join("/")}`;
}

export function ref({ "@id": id }: Reference): Reference {
  return { "@id": id };
}

export function toPath({ path }: { readonly path: string }): Reference {
  return { "@id": uri(path) };
}

/** A property with references: absent for none, a single one, or a list, as compact JSON-LD has it. */
export function refs(name: string, entities: readonly Reference[]): Record<string, unknown> {
  const all = entities.map(ref);
  return all.length === 0 ? {} : { [name]: all.length === 1 ? all[0] : all };
}

/** The value of a parameter. Lists and mappings become JSON text: a list in JSON-LD has no order. */
export function propertyValue(id: string, name: string, value: unknown): Entity {
  const plain = typeof value === "object" ? JSON.stringify(value) : value;
  return { "@id": id, "@type": "PropertyValue", name, value: plain };
}
