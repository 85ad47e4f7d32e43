/**
 * What a record may look like, whoever wrote and signed it: the types of its fields, the names in
 * it, and limits on everything that could make a reader slow or large. Knows neither digests of
 * records nor node types.
 */
import { bytesPerChunk, checkColumns, rowsPerChunk } from "../table/columns.ts";
import type { Artifact, Chunk, Columns } from "../table/schema.ts";
import { artifactDigest, isDigest } from "./digest.ts";
import type { JsonLimits } from "./json.ts";

/** Limits on a record's text, checked before it is parsed. */
export const textLimits: JsonLimits = { bytes: 16 << 20, depth: 256, values: 1 << 20 };

/** No record may hold more; an action whose record would is an error. */
export const limits = {
  ports: 256,
  columns: 4096,
  /** All outputs and the checkpoint together; a full chunk has up to 4 MiB. */
  chunks: 65_536,
  parts: 65_536,
  warnings: 10_000,
  lines: 10_000,
  /** Characters. */
  name: 1024,
  text: 65_536,
} as const;

/** What is wrong with everything in a record but its check, its key and its signature. */
export function shapeProblem(record: Readonly<Record<string, unknown>>): string | undefined {
  const { outputs, checkpoint, parts, continues, accepted } = record;
  const problem = artifactsProblem(outputs, checkpoint);
  if (problem !== undefined) return problem;
  if (isLong(parts, limits.parts)) return `it has more than ${limits.parts} parts`;
  const origins =
    (continues === undefined || isDigest(continues)) &&
    isListOf(parts ?? [], limits.parts, isDigest);
  if (!origins) return "what it was made from is malformed";
  if (accepted !== undefined && !isAcceptance(accepted)) return "its acceptance is malformed";
  return sayingsProblem(record);
}

function sayingsProblem(record: Readonly<Record<string, unknown>>): string | undefined {
  const { seconds, startedAt, finishedAt, computedBy, warnings, log } = record;
  if (isLong(warnings, limits.warnings)) return `it has more than ${limits.warnings} warnings`;
  if (isLong(log, limits.lines)) return `its log has more than ${limits.lines} lines`;
  const person = isObject(computedBy) ? [computedBy["host"], computedBy["user"]] : [undefined];
  const fits =
    typeof seconds === "number" &&
    seconds >= 0 &&
    [startedAt, finishedAt].every(isTime) &&
    person.every((name) => isText(name, limits.name)) &&
    isListOf(log, limits.lines, (line) => isText(line, limits.text)) &&
    isListOf(warnings, limits.warnings, isWarning);
  return fits ? undefined : "it is malformed";
}

function artifactsProblem(outputs: unknown, checkpoint: unknown): string | undefined {
  if (!isObject(outputs)) return "it has no outputs";
  const named = Object.entries(outputs);
  if (named.length > limits.ports) return `it has more than ${limits.ports} outputs`;
  for (const [port] of named) {
    if (!isName(port)) return `it has an output of the invalid name ${quoted(port)}`;
  }
  const all = [
    ...named.map(([port, artifact]) => [`output ${quoted(port)}`, artifact] as const),
    ...(checkpoint === undefined ? [] : [["its checkpoint", checkpoint] as const]),
  ];
  let chunks = 0;
  for (const [name, artifact] of all) {
    const problem = artifactProblem(artifact);
    if (problem !== undefined) return `${name} ${problem}`;
    chunks += (artifact as Artifact).chunks.length;
  }
  return chunks > limits.chunks ? `it has more than ${limits.chunks} chunks` : undefined;
}

/** Why a value is not an artifact whose digest is that of its schema and chunks. */
function artifactProblem(value: unknown): string | undefined {
  const { digest, schema, chunks, rows } = (isObject(value) ? value : {}) as Partial<Artifact>;
  if (!isObject(schema)) return "is malformed";
  if (Object.keys(schema).length > limits.columns) {
    return `has more than ${limits.columns} columns`;
  }
  if (isLong(chunks, limits.chunks)) return `has more than ${limits.chunks} chunks`;
  if (!isSchema(schema) || !Array.isArray(chunks) || chunks.length === 0) return "is malformed";
  const [rowsMax, { least, most }] = [rowsPerChunk(schema), bytesPerChunk(schema)];
  for (const chunk of chunks as unknown[]) {
    if (!isChunk(chunk)) return "is malformed";
    if (chunk.rows > rowsMax || chunk.bytes < least(chunk.rows) || chunk.bytes > most(chunk.rows)) {
      return `has a chunk that cannot have ${chunk.rows} rows in ${chunk.bytes} bytes`;
    }
  }
  const total = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  return total === rows && artifactDigest(schema, chunks) === digest ? undefined : "is malformed";
}

function isSchema(schema: Readonly<Record<string, unknown>>): schema is Columns {
  if (!Object.entries(schema).every(([name, column]) => isName(name) && isObject(column))) {
    return false;
  }
  try {
    checkColumns(schema as Columns);
    return true;
  } catch {
    return false;
  }
}

function isChunk(value: unknown): value is Chunk {
  return (
    isObject(value) &&
    isDigest(value["digest"]) &&
    isCount(value["rows"]) &&
    isCount(value["bytes"])
  );
}

function isAcceptance(value: unknown): boolean {
  if (!isObject(value)) return false;
  const texts = [value["reason"], value["by"]].every((text) => isText(text, limits.text));
  return isDigest(value["from"]) && texts && isTime(value["at"]);
}

function isWarning(value: unknown): boolean {
  return (
    isObject(value) && isText(value["code"], limits.name) && isText(value["message"], limits.text)
  );
}

/** ISO 8601, as `toISOString` writes it. */
function isTime(value: unknown): boolean {
  return typeof value === "string" && value.length <= 40 && !Number.isNaN(Date.parse(value));
}

function isName(value: string): boolean {
  return value !== "" && value !== "__proto__" && isText(value, limits.name);
}

function isText(value: unknown, length: number): boolean {
  return typeof value === "string" && value.length <= length;
}

function isLong(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length > length;
}

function isListOf(value: unknown, length: number, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= length && value.every(fits);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
