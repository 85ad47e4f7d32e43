/** Describes the parameters of a node type by their JSON Schema. */

export interface ParamSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly ParamSchema[];
  readonly items?: ParamSchema | readonly ParamSchema[];
  readonly properties?: Readonly<Record<string, ParamSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly "x-blockspin"?: string;
}

export function describeParams({ properties = {}, required = [] }: ParamSchema): string[] {
  const entries = Object.entries(properties);
  if (entries.length === 0) return ["  none"];
  return entries.flatMap(([name, schema]) => {
    const preset = schema.default;
    const needed = required.includes(name) ? "required" : "optional";
    const extra = preset === undefined ? needed : `default ${JSON.stringify(preset)}`;
    const lines = [`  ${name}: ${typeText(schema)} (${extra})`];
    return schema.description ? [...lines, `      ${schema.description}`] : lines;
  });
}

/** `integer >= 1`, `"wolff" | "metropolis"`, `list of number`, `{ dense, activation? }`. */
export function typeText(schema: ParamSchema): string {
  if (schema["x-blockspin"]?.endsWith("file")) return "file";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeText))].join(" | ");
  if (schema.type === "array") return listText(schema.items);
  if (schema.type === "object") return objectText(schema);
  const type = [schema.type ?? "any"].flat().join(" | ");
  return [type, ...bounds(schema)].join(" ");
}

function listText(items: ParamSchema["items"]): string {
  if (items === undefined) return "list";
  if (Array.isArray(items)) return `[${items.map(typeText).join(", ")}]`;
  const text = typeText(items as ParamSchema);
  return text.includes(" | ") ? `list of (${text})` : `list of ${text}`;
}

function objectText({ properties, required = [] }: ParamSchema): string {
  if (!properties) return "mapping";
  const names = Object.entries(properties).map(([name, { default: preset }]) =>
    required.includes(name) && preset === undefined ? name : `${name}?`,
  );
  return `{ ${names.join(", ")} }`;
}

function bounds(schema: ParamSchema): string[] {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  const all = { ">=": minimum, ">": exclusiveMinimum, "<=": maximum, "<": exclusiveMaximum };
  const said = Object.entries(all).flatMap(([sign, bound]) =>
    bound === undefined ? [] : `${sign} ${bound}`,
  );
  return said.length > 0 ? [said.join(", ")] : [];
}
