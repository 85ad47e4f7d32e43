/**
 * Writes a run and its artifacts as a Workflow Run RO-Crate, whole or not at all. Knows neither the
 * command line nor the node types.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { plain } from "../engine/language/tree.ts";
import { openArtifact } from "../engine/run/input.ts";
import { UsageError, writing } from "../engine/usage-error.ts";
import { encodeTable, type TableFormat, writePieces } from "../formats/encode.ts";
import { fileDigest } from "../store/digest.ts";
import { safeNames } from "../text/file-names.ts";
import { type CrateArtifact, type CrateFile, nameOf, type WorkflowFile } from "./content.ts";
import { crateMetadata } from "./crate.ts";
import { artifactsOf, type OpenedRun, type OpenWith, openRun } from "./run-artifacts.ts";
import { workflowFiles } from "./workflow-files.ts";

export interface CrateRequest {
  /** Where to write the crate. Must not exist, or be an empty folder. */
  readonly folder: string;
  readonly open: OpenWith;
  /** As `blockspin runs` names it, or `latest~1`. */
  readonly run: string;
  /** Which artifacts to write; without patterns, the results. */
  readonly patterns: readonly string[];
  readonly format: TableFormat;
  /** An SPDX identifier or a URL; undefined if none is given. */
  readonly license: string | undefined;
  /** The version of Blockspin. */
  readonly software: string;
  /** The JSON Schema of pipeline files. */
  readonly schema: unknown;
}

/** Throws `UsageError` for a request that cannot be met. */
export async function writeCrate(request: CrateRequest): Promise<void> {
  checkRequest(request);
  const { folder } = request;
  const run = await openRun(request.open, request.run, request.patterns);
  const unfinished = `${folder.replace(/[/\\]+$/, "")}.${process.pid}.tmp`;
  try {
    await fill(unfinished, run, request);
    writing(folder, () => {
      mkdirSync(dirname(folder), { recursive: true });
      // Fails if something has been put there meanwhile.
      if (existsSync(folder)) rmdirSync(folder);
      renameSync(unfinished, folder);
    });
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function checkRequest({ folder, license }: CrateRequest): void {
  const isLicense = /^(https?:\/\/[^\s"<>]+|[A-Za-z0-9][A-Za-z0-9.+-]*)$/;
  if (license !== undefined && !isLicense.test(license)) {
    throw new UsageError(
      `${JSON.stringify(license)} is not a license`,
      "write an SPDX identifier such as CC-BY-4.0, or a URL",
    );
  }
  if (existsSync(folder) && !(statSync(folder).isDirectory() && readdirSync(folder).length === 0)) {
    throw new UsageError(`${JSON.stringify(folder)} is there already`, "name a new folder");
  }
}

async function fill(folder: string, opened: OpenedRun, request: CrateRequest): Promise<void> {
  const { pipeline, set: overrides } = opened.opened;
  const chosen = artifactsOf(opened, request.patterns);
  const workflow = await copyWorkflow(folder, opened);
  const artifacts: CrateArtifact[] = [];
  const names = safeNames(chosen.map(nameOf), `.${request.format}`, withoutEscapes);
  await opened.store.fetch(chosen.map(({ artifact }) => artifact));
  for (const one of chosen) {
    const table = await openArtifact(one.artifact, opened.store).table();
    const pieces = await encodeTable(table, request.format);
    const path = `data/${names.get(nameOf(one))}`;
    write(folder, path, (full) => writePieces(openSync(full, "wx"), pieces));
    artifacts.push({ ...factsOf(folder, path), ...one });
  }
  const metadata = crateMetadata({
    pipeline: pipeline.name,
    versions: { software: request.software, format: "1" },
    run: opened.run,
    overrides,
    published: new Date().toISOString(),
    license: request.license,
    params: Object.fromEntries([...pipeline.params].map(([name, tree]) => [name, plain(tree)])),
    workflow,
    schema: writeJson(folder, "pipeline.schema.json", request.schema),
    artifacts,
  });
  writeJson(folder, "ro-crate-metadata.json", metadata);
}

async function copyWorkflow(folder: string, { opened }: OpenedRun): Promise<WorkflowFile[]> {
  return (await workflowFiles(opened)).map(({ from, path, role }) => {
    write(folder, path, (full) => copyFileSync(from, full));
    return { ...factsOf(folder, path), role };
  });
}

function writeJson(folder: string, path: string, value: unknown): CrateFile {
  write(folder, path, (full) => writeFileSync(full, `${JSON.stringify(value, null, 2)}\n`));
  return factsOf(folder, path);
}

function write(folder: string, path: string, work: (full: string) => void): void {
  const full = join(folder, path);
  writing(full, () => {
    mkdirSync(dirname(full), { recursive: true });
    work(full);
  });
}

/** Needs no escapes in a URI. */
const withoutEscapes = (text: string) => text.replace(/\]/g, "").replace(/[^\w=.+-]+/g, "_");

const mediaTypes = new Map([
  ["arrow", "application/vnd.apache.arrow.file"],
  ["cjs", "text/javascript"],
  ["csv", "text/csv"],
  ["js", "text/javascript"],
  ["json", "application/json"],
  ["mjs", "text/javascript"],
  ["parquet", "application/vnd.apache.parquet"],
  ["py", "text/x-python"],
  ["yaml", "application/yaml"],
  ["yml", "application/yaml"],
]);

function factsOf(folder: string, path: string): CrateFile {
  const full = join(folder, path);
  const ending = path.split(".").at(-1)!.toLowerCase();
  const format = mediaTypes.get(ending) ?? "application/octet-stream";
  return { path, size: statSync(full).size, digest: fileDigest(full), format };
}
