/**
 * Describes a run and its artifacts as the JSON-LD of a Workflow Run RO-Crate: RO-Crate 1.1 with the
 * profiles Process Run Crate 0.5, Workflow Run Crate 0.5 and Workflow RO-Crate 1.0. Values in,
 * entities out: knows no file system, no pipeline language and no clock.
 *
 * https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/workflow/0.5
 */
import {
  type CrateArtifact,
  type CrateContent,
  type CrateFile,
  nameOf,
  type WorkflowFile,
} from "./content.ts";
import { actionEntities, parameterEntities, personEntities } from "./crate-actions.ts";
import { type Entity, idOf, ref, refs, toPath, uri } from "./crate-entity.ts";

const profiles = [
  ["https://w3id.org/ro/wfrun/process/0.5", "Process Run Crate", "0.5"],
  ["https://w3id.org/ro/wfrun/workflow/0.5", "Workflow Run Crate", "0.5"],
  ["https://w3id.org/workflowhub/workflow-ro-crate/1.0", "Workflow RO-Crate", "1.0"],
] as const;

/** The content of `ro-crate-metadata.json`. */
export function crateMetadata(content: CrateContent): {
  readonly "@context": readonly string[];
  readonly "@graph": readonly Entity[];
} {
  const { workflow, schema, artifacts } = content;
  const license = licenseEntity(content.license);
  const { actions, values, applications } = actionEntities(content);
  const inputs = parameterEntities(content.params);
  const slots = outputSlots(artifacts);
  const main = workflow.find(({ role }) => role === "pipeline")!;
  const run = runEntity(content, main, inputs.values);
  const files = [
    mainEntity(content, main, inputs.slots, slots, applications),
    ...workflow.filter((file) => file !== main).map(workflowEntity),
    { ...fileEntity(schema), name: "JSON Schema of Blockspin pipeline files and node types" },
    ...artifacts.map(artifactEntity),
  ];
  const mentioned = [run, ...actions];
  const graph: Entity[] = [
    {
      "@id": "ro-crate-metadata.json",
      "@type": "CreativeWork",
      about: { "@id": "./" },
      conformsTo: [{ "@id": "https://w3id.org/ro/crate/1.1" }, { "@id": profiles[2][0] }],
    },
    rootEntity(content, main, license, files, mentioned),
    ...profiles.map(([id, name, version]) => ({
      ...{ "@id": id, "@type": "CreativeWork", name, version },
    })),
    license,
    ...files,
    ...languageEntities(content),
    ...applications,
    ...[...inputs.slots, ...inputs.values, ...slots],
    ...mentioned,
    ...values,
    ...personEntities(artifacts.map(({ record }) => record)),
  ];
  return {
    "@context": [
      "https://w3id.org/ro/crate/1.1/context",
      "https://w3id.org/ro/terms/workflow-run/context",
    ],
    "@graph": graph,
  };
}

function rootEntity(
  { pipeline, run, published, artifacts }: CrateContent,
  main: CrateFile,
  license: Entity,
  files: readonly Entity[],
  actions: readonly Entity[],
): Entity {
  const { ran, cached, failed, skipped } = run.counts;
  return {
    "@id": "./",
    "@type": "Dataset",
    name: `${pipeline}: run ${run.name}`,
    description:
      `A run of the Blockspin pipeline ${pipeline}: ${ran} instances computed, ${cached} taken ` +
      `from the cache, ${failed} failed, ${skipped} skipped; ${artifacts.length} of its artifacts.`,
    datePublished: published,
    license: ref(license),
    conformsTo: profiles.map(([id]) => ({ "@id": id })),
    mainEntity: toPath(main),
    ...refs("hasPart", files),
    ...refs("mentions", actions),
  };
}

/** An SPDX identifier becomes a URL; without a license, the crate says that none is given. */
function licenseEntity(license: string | undefined): Entity {
  if (license === undefined) {
    const description = "No license is given: ask the authors before using this.";
    return { "@id": "#license", "@type": "CreativeWork", name: "no license given", description };
  }
  const id = /^https?:/.test(license) ? license : `http://spdx.org/licenses/${license}`;
  const description = `The content of this crate may be used under ${license}.`;
  return { "@id": id, "@type": "CreativeWork", name: license, description };
}

function mainEntity(
  { pipeline, workflow }: CrateContent,
  main: CrateFile,
  input: readonly Entity[],
  output: readonly Entity[],
  applications: readonly Entity[],
): Entity {
  const others = workflow.filter((file) => file !== main && file.role !== "input");
  return {
    ...fileEntity(main),
    "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
    name: pipeline,
    programmingLanguage: { "@id": "#pipeline-language" },
    softwareRequirements: { "@id": "#blockspin" },
    ...refs("hasPart", [...others.map(toPath), ...applications]),
    ...refs("input", input),
    ...refs("output", output),
  };
}

/** The language of pipeline files, and the program that runs them. */
function languageEntities({ versions, schema }: CrateContent): Entity[] {
  const url = toPath(schema);
  return [
    {
      "@id": "#pipeline-language",
      "@type": "ComputerLanguage",
      name: "Blockspin pipeline file (YAML)",
      version: versions.format,
      url,
    },
    {
      "@id": "#blockspin",
      "@type": "SoftwareApplication",
      name: "Blockspin",
      softwareVersion: versions.software,
      description: "Runs pipelines of typed nodes. The version is the one that wrote this crate.",
      url,
    },
  ];
}

function workflowEntity(file: WorkflowFile): Entity {
  const names = {
    pipeline: "Pipeline file",
    extended: "Pipeline file that the workflow extends",
    module: "Code of node types that the workflow uses",
    input: "File that a parameter of the workflow names",
  };
  const name = `${names[file.role]}: ${file.path.split("/").at(-1)}`;
  const code = file.role === "input" ? "File" : ["File", "SoftwareSourceCode"];
  return { ...fileEntity(file), "@type": code, name };
}

function artifactEntity(file: CrateArtifact): Entity {
  return {
    ...fileEntity(file),
    name: nameOf(file),
    description: `Output ${file.port} of ${file.id}: ${file.artifact.rows} rows.`,
    identifier: file.artifact.digest,
    exampleOfWork: { "@id": slotId(file) },
  };
}

function fileEntity({ path, size, digest, format }: CrateFile): Entity {
  return {
    "@id": uri(path),
    "@type": "File",
    contentSize: String(size),
    encodingFormat: format,
    sha256: digest.replace(/^sha256:/, ""),
  };
}

/** One slot per output of a stage, for all coordinates. */
function outputSlots(artifacts: readonly CrateArtifact[]): Entity[] {
  const slots = new Map(artifacts.map((file) => [slotId(file), file]));
  return [...slots].map(([id, { stage, port, format }]) => ({
    "@id": id,
    "@type": "FormalParameter",
    additionalType: "File",
    name: `${stage}.${port}`,
    encodingFormat: format,
  }));
}

function slotId({ stage, port }: { readonly stage: string; readonly port: string }): string {
  return idOf("output", stage, port);
}

function runEntity(
  { pipeline, run, overrides, artifacts, workflow }: CrateContent,
  main: CrateFile,
  values: readonly Entity[],
): Entity {
  const { at, seconds, counts } = run;
  const complete = seconds !== undefined && counts.failed + counts.skipped === 0;
  const inputs = workflow.filter(({ role }) => role === "input");
  // Those who computed something during the run are its agents.
  const own = artifacts.map(({ record }) => record);
  const people = personEntities(own.filter(({ startedAt }) => at !== undefined && startedAt >= at));
  return {
    "@id": idOf("run", run.name),
    "@type": "CreateAction",
    name: `Run ${run.name} of ${pipeline}`,
    description:
      `${counts.ran} instances computed, ${counts.cached} cached, ${counts.failed} failed, ` +
      `${counts.skipped} skipped${seconds === undefined ? "; it was killed" : ""}` +
      overrides.map((text) => `; --set ${text}`).join(""),
    instrument: toPath(main),
    ...(at === undefined ? {} : { startTime: at }),
    ...(at === undefined || seconds === undefined
      ? {}
      : { endTime: new Date(Date.parse(at) + seconds * 1000).toISOString() }),
    actionStatus: {
      "@id": `http://schema.org/${complete ? "CompletedActionStatus" : "FailedActionStatus"}`,
    },
    ...refs("object", [...inputs.map(toPath), ...values]),
    ...refs("result", artifacts.map(toPath)),
    ...refs("agent", people),
  };
}
