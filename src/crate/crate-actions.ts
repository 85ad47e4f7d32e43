/**
 * Describes what computed the artifacts of a crate, by their records: an action with its parameters
 * for each instance, the node types, and the people. Leaves out host names.
 */
import type { StoreRecord } from "../store/record.ts";
import { groupBy } from "../text/group.ts";
import { type CrateContent, nameOf } from "./content.ts";
import { type Entity, idOf, propertyValue, refs, toPath, uri } from "./crate-entity.ts";

interface Actions {
  readonly actions: readonly Entity[];
  readonly values: readonly Entity[];
  readonly applications: readonly Entity[];
}

/** One action per instance, however many of its outputs are in the crate. */
export function actionEntities({ artifacts, schema }: CrateContent): Actions {
  const applications = new Map<string, Entity>();
  const values: Entity[] = [];
  const actions = [...groupBy(artifacts, ({ id }) => id)].map(([id, files]) => {
    const { record, reads } = files[0]!;
    const application = applicationOf(record, uri(schema.path));
    applications.set(application["@id"], application);
    const params = Object.entries((record.preimage["params"] ?? {}) as Record<string, unknown>);
    const own = params.map(([name, value]) => propertyValue(idOf("action", id, name), name, value));
    values.push(...own);
    const read = new Set(reads);
    const inputs = artifacts.filter((file) => read.has(nameOf(file))).map(toPath);
    return {
      "@id": idOf("action", id),
      "@type": "CreateAction",
      name: `Computation of ${id}`,
      description: describe(record),
      identifier: record.key,
      instrument: { "@id": application["@id"] },
      startTime: record.startedAt,
      endTime: record.finishedAt,
      actionStatus: { "@id": "http://schema.org/CompletedActionStatus" },
      ...refs("object", [...inputs, ...own]),
      ...refs("result", files.map(toPath)),
      ...refs("agent", personEntities([record])),
    };
  });
  return { actions, values, applications: [...applications.values()] };
}

function describe({ key, seconds, preimage, accepted, continues }: StoreRecord): string {
  const backend = (preimage["numerics"] as { backend?: string } | null)?.backend;
  return [
    `Action ${key}, ${seconds.toFixed(3)} s`,
    ...(backend === undefined ? [] : [`numerics: ${backend}`]),
    ...(continues === undefined ? [] : [`continued from the action ${continues}`]),
    ...(accepted ? [`taken over from the action ${accepted.from}: ${accepted.reason}`] : []),
  ].join("; ");
}

/** A node type and its version; a user's has the digest of its code too. */
function applicationOf({ preimage }: StoreRecord, url: string): Entity {
  const { node, version, code } = preimage as { node: string; version: number; code?: string };
  const own = code === undefined ? [] : [code.replace(/^sha256:/, "").slice(0, 12)];
  return {
    "@id": idOf("node", node, String(version), ...own),
    "@type": "SoftwareApplication",
    name: node,
    softwareVersion: String(version),
    ...(code === undefined ? {} : { identifier: code }),
    url: { "@id": url },
  };
}

/** The pipeline's parameters: slots, and the values that fill them in this run. */
export function parameterEntities(params: Readonly<Record<string, unknown>>): {
  readonly slots: readonly Entity[];
  readonly values: readonly Entity[];
} {
  const all = Object.entries(params);
  const slots = all.map(([name, value]) => ({
    "@id": idOf("param", name),
    "@type": "FormalParameter",
    additionalType: dataType(value),
    name,
  }));
  const values = all.map(([name, value]) => ({
    ...propertyValue(idOf("value", name), name, value),
    exampleOfWork: { "@id": idOf("param", name) },
  }));
  return { slots, values };
}

/** A subtype of https://schema.org/DataType. */
function dataType(value: unknown): string {
  if (typeof value === "boolean") return "Boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "Float";
  return "Text";
}

/** The users whom the records name; a record may name none. */
export function personEntities(records: readonly StoreRecord[]): Entity[] {
  const users = new Set(records.map(({ computedBy }) => computedBy.user).filter(Boolean));
  return [...users].map((name) => ({ "@id": idOf("user", name), "@type": "Person", name }));
}
