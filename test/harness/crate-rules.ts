/**
 * What the published rules of RO-Crate 1.1, Workflow RO-Crate 1.0, Process Run Crate 0.5 and Workflow
 * Run Crate 0.5 demand (MUST) of a crate in a folder. Written from the rules, not from what
 * Blockspin writes.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

interface CrateEntity {
  readonly "@id": string;
  readonly "@type": string | string[];
  readonly [name: string]: unknown;
}

export interface CrateDocument {
  readonly "@context": unknown;
  readonly "@graph": readonly CrateEntity[];
}

export const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const idsOf = (value: unknown): string[] =>
  listOf(value).map((one) => (one as { "@id": string })["@id"]);
const isA = (entity: CrateEntity | undefined, type: string) =>
  listOf(entity?.["@type"]).includes(type);
const isAbsolute = (id: string) => /^[a-z][a-z0-9+.-]*:/i.test(id);
const iso8601 = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?)?)?$/;

/** Every rule that is broken, in words; none for a valid crate. */
export function brokenRules(folder: string): string[] {
  const path = join(folder, "ro-crate-metadata.json");
  // RO-Crate 1.1, Structure: the metadata file MUST be named so and lie in the root.
  if (!existsSync(path)) return ["there is no ro-crate-metadata.json"];
  const document = JSON.parse(readFileSync(path, "utf8")) as CrateDocument;
  return [...brokenInDocument(document), ...brokenInFolder(document, folder)];
}

/** The rules that the metadata can break by itself. */
export function brokenInDocument(document: CrateDocument): string[] {
  const graph = document["@graph"];
  const entities = new Map(graph.map((entity) => [entity["@id"], entity]));
  const find = (id: string | undefined) => (id === undefined ? undefined : entities.get(id));
  const broken: string[] = [];
  const must = (holds: boolean, rule: string) => void (holds || broken.push(rule));
  // Workflow RO-Crate, Context; Process Run Crate extends it with terms of its own.
  const contexts = listOf(document["@context"]);
  must(contexts.includes("https://w3id.org/ro/crate/1.1/context"), "context of RO-Crate 1.1");
  flatness(graph, must);
  // RO-Crate 1.1, Root Data Entity: the descriptor, its type, and what it is about.
  const descriptor = find("ro-crate-metadata.json");
  must(isA(descriptor, "CreativeWork"), "the descriptor is a CreativeWork");
  const root = find(idsOf(descriptor?.["about"])[0]);
  must(
    idsOf(descriptor?.["conformsTo"]).some((id) => id.startsWith("https://w3id.org/ro/crate/1.1")),
    "the descriptor conforms to RO-Crate 1.1",
  );
  if (!root) return [...broken, "the descriptor is about the root"];
  rootRules(root, find, must);
  dataRules(graph, root, find, must);
  workflowRules(root, find, must);
  runRules(graph, find, must);
  return broken;
}

type Must = (holds: boolean, rule: string) => void;
type Find = (id: string | undefined) => CrateEntity | undefined;

/** RO-Crate 1.1, Metadata file and Appendix JSON-LD: flattened, compacted; ids are URI references. */
function flatness(graph: readonly CrateEntity[], must: Must): void {
  const ids = graph.map((entity) => entity["@id"]);
  must(new Set(ids).size === ids.length, "each entity stands once in the graph");
  for (const entity of graph) {
    const id = entity["@id"];
    // RFC 3986: what a URI reference may have in it; RO-Crate 1.1, Data Entities: escapes.
    must(/^([\w\-.~:/?#@!$&'()*+,;=]|%[0-9A-F]{2})+$/i.test(id), `${id} is a URI reference`);
    must(listOf(entity["@type"]).length > 0, `${id} has a type`);
    for (const [name, value] of Object.entries(entity)) {
      for (const one of listOf(value)) {
        if (typeof one !== "object" || one === null) continue;
        must(Object.keys(one).join() === "@id", `${id}.${name} is a reference with @id alone`);
      }
    }
  }
}

/** RO-Crate 1.1, "Direct properties of the Root Data Entity"; conformsTo of both run profiles. */
function rootRules(root: CrateEntity, find: Find, must: Must): void {
  must(isA(root, "Dataset"), "the root is a Dataset");
  must(root["@id"].endsWith("/"), "the root's id ends with /");
  for (const name of ["name", "description"]) {
    must(typeof root[name] === "string" && root[name] !== "", `the root has a ${name}`);
  }
  must(iso8601.test(String(root["datePublished"])), "datePublished is an ISO 8601 date");
  // Workflow RO-Crate, Crate: MUST specify a license. RO-Crate 1.1: SHOULD be an entity with both.
  const license = find(idsOf(root["license"])[0]);
  must(Boolean(license?.["name"] && license["description"]), "the root has a license");
  for (const profile of ["process/0.5", "workflow/0.5"]) {
    const id = `https://w3id.org/ro/wfrun/${profile}`;
    const stated = idsOf(root["conformsTo"]).includes(id) && isA(find(id), "CreativeWork");
    must(stated, `the root conforms to ${id}, a CreativeWork`);
  }
}

/** RO-Crate 1.1, Data Entities: linked from the root by hasPart, directly or not. */
function dataRules(graph: readonly CrateEntity[], root: CrateEntity, find: Find, must: Must): void {
  const reached = new Set<string>();
  const pending = [root["@id"]];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    pending.push(...idsOf(find(id)?.["hasPart"]));
  }
  for (const entity of graph) {
    const id = entity["@id"];
    if (isA(entity, "File")) must(reached.has(id), `${id} is a part of the root`);
    if (isA(entity, "File")) must(!id.startsWith("#"), `${id} is a path or an absolute URI`);
  }
  for (const id of reached) must(find(id) !== undefined, `${id}, a part, is described`);
}

/** Workflow RO-Crate 1.0, Main Workflow; RO-Crate 1.1, Workflows and scripts. */
function workflowRules(root: CrateEntity, find: Find, must: Must): void {
  const main = find(idsOf(root["mainEntity"])[0]);
  for (const type of ["File", "SoftwareSourceCode", "ComputationalWorkflow"]) {
    must(isA(main, type), `the main entity is a ${type}`);
  }
  must(typeof main?.["name"] === "string", "the workflow has a name");
  const language = find(idsOf(main?.["programmingLanguage"])[0]);
  must(isA(language, "ComputerLanguage"), "the workflow has a programming language");
  // "MUST have a name, url and version"
  for (const name of ["name", "url", "version"]) {
    must(language?.[name] !== undefined, `the language has a ${name}`);
  }
  // Workflow Run Crate 0.5: parameters MUST be FormalParameters, with an additionalType.
  for (const id of [...idsOf(main?.["input"]), ...idsOf(main?.["output"])]) {
    must(isA(find(id), "FormalParameter"), `${id} is a FormalParameter`);
    must(typeof find(id)?.["additionalType"] === "string", `${id} has an additionalType`);
  }
}

/** Process Run Crate 0.5, Requirements: Action, SoftwareApplication; Workflow Run Crate 0.5. */
function runRules(graph: readonly CrateEntity[], find: Find, must: Must): void {
  const actions = graph.filter((entity) =>
    ["CreateAction", "ActivateAction", "UpdateAction"].some((type) => isA(entity, type)),
  );
  const runs = actions.filter((action) =>
    isA(find(idsOf(action["instrument"])[0]), "ComputationalWorkflow"),
  );
  must(runs.length > 0, "some action has the main workflow as its instrument");
  const main = find(idsOf(runs[0]?.["instrument"])[0]);
  const slots = new Set([...idsOf(main?.["input"]), ...idsOf(main?.["output"])]);
  const tools = ["SoftwareApplication", "SoftwareSourceCode", "ComputationalWorkflow"];
  for (const action of actions) {
    const id = action["@id"];
    const tool = find(idsOf(action["instrument"])[0]);
    must(
      tools.some((type) => isA(tool, type)),
      `${id} has a tool as its instrument`,
    );
    for (const name of ["object", "result", "agent"]) {
      for (const target of idsOf(action[name])) {
        must(find(target) !== undefined, `${name} ${target} of ${id} is described`);
      }
    }
    for (const name of ["startTime", "endTime"]) {
      const time = action[name];
      must(time === undefined || iso8601.test(String(time)), `${name} of ${id} is ISO 8601`);
    }
  }
  // "An object item that does not match a slot MUST NOT refer to a FormalParameter of the workflow"
  for (const entity of graph) {
    for (const id of idsOf(entity["exampleOfWork"])) {
      must(slots.has(id), `${entity["@id"]} is an example of a slot of the workflow`);
    }
  }
  // RO-Crate 1.1, Workflows: "SoftwareApplication MUST have a name, url and version".
  for (const entity of graph.filter((one) => isA(one, "SoftwareApplication"))) {
    const version = entity["version"] ?? entity["softwareVersion"];
    const whole = [entity["name"], entity["url"], version].every((value) => value !== undefined);
    must(whole, `${entity["@id"]} has a name, a url and a version`);
  }
}

/** RO-Crate 1.1, Structure: files that the metadata describes are there. */
function brokenInFolder(document: CrateDocument, folder: string): string[] {
  return document["@graph"]
    .filter((entity) => isA(entity, "File") && !isAbsolute(entity["@id"]))
    .flatMap((entity) => {
      const path = join(folder, decodeURIComponent(entity["@id"]));
      if (!existsSync(path)) return [`${entity["@id"]} is not in the crate`];
      const size = String(statSync(path).size);
      return entity["contentSize"] === size ? [] : [`${entity["@id"]} has another size`];
    });
}
