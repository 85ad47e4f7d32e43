/** `blockspin export --crate`: a run of the journal as a Workflow Run RO-Crate, for a supplement. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { filesOf } from "../../crate/crate-files.ts";
import {
  ablationsIn,
  type CrateArtifact,
  type CrateFile,
  crateMetadata,
  fileDigest,
  findRun,
  matchPattern,
  nodeTypes,
  type Opened,
  type PastRun,
  pipelineJsonSchema,
  plainValue,
  planPipeline,
  readTables,
  type Store,
  UsageError,
  type WorkflowFile,
} from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { err, out } from "../print/terminal.ts";
import { nameOf } from "./artifacts.ts";
import { encode, type Format, writeFile, writing } from "./export.ts";
import { safeNames } from "./names.ts";

interface CrateFlags extends CommonOptions {
  readonly crate: string;
  readonly run?: string;
  readonly license?: string;
  readonly format?: Format;
  readonly out?: string;
  readonly column?: string;
}

const mediaTypes = new Map([
  ["arrow", "application/vnd.apache.arrow.file"],
  ["csv", "text/csv"],
  ["js", "text/javascript"],
  ["json", "application/json"],
  ["mjs", "text/javascript"],
  ["parquet", "application/vnd.apache.parquet"],
  ["py", "text/x-python"],
  ["yaml", "application/yaml"],
  ["yml", "application/yaml"],
]);

export async function exportCrate(
  file: string,
  patterns: readonly string[],
  options: CrateFlags,
): Promise<number> {
  check(options);
  const { opened, store, run } = await openRun(file, patterns, options);
  const chosen = choose(opened, patterns, run, store);
  await store.fetch(chosen.map(({ artifact }) => artifact));
  const unfinished = `${options.crate.replace(/[/\\]+$/, "")}.${process.pid}.tmp`;
  try {
    writing(options.crate, () => void mkdirSync(unfinished, { recursive: true }));
    await fill(unfinished, opened, store, run, chosen, options);
    writing(options.crate, () => {
      mkdirSync(dirname(options.crate), { recursive: true });
      // An empty folder, unless somebody has put something there meanwhile: then this fails.
      if (existsSync(options.crate)) rmdirSync(options.crate);
      renameSync(unfinished, options.crate);
    });
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  if (options.license === undefined) {
    err.print("warning[license]: the crate says that no license is given");
  }
  out.data(`${options.crate}\n`);
  return 0;
}

function check({ crate, format, out, column, license }: CrateFlags): void {
  if (out !== undefined || column !== undefined) {
    throw new UsageError(
      "--crate names a folder with whole tables",
      "leave out --out and --column",
    );
  }
  if (format === "npy") {
    throw new UsageError("a crate holds whole tables, an NPY file one column", "--format csv");
  }
  if (
    license !== undefined &&
    !/^(https?:\/\/[^\s"<>]+|[A-Za-z0-9][A-Za-z0-9.+-]*)$/.test(license)
  ) {
    throw new UsageError(
      `${JSON.stringify(license)} is no license`,
      "write an SPDX identifier such as CC-BY-4.0, or a URL",
    );
  }
  if (existsSync(crate) && !(statSync(crate).isDirectory() && readdirSync(crate).length === 0)) {
    throw new UsageError(`${JSON.stringify(crate)} is there already`, "name a new folder");
  }
}

/** The pipeline with the ablations that the run had. It must still be the one that ran. */
async function openRun(file: string, patterns: readonly string[], options: CrateFlags) {
  const first = await open(file, options, patterns);
  const { store } = await planPipeline(first);
  const run = findRun(store, first.graph.name, options.run ?? "latest");
  const ids = [...run.keys.keys()];
  const opened = ablationsIn(ids).length > 0 ? await open(file, options, ids) : first;
  const { plan } = await planPipeline(opened, [], store);
  const now = new Map(opened.graph.instances.map(({ id }, index) => [id, plan[index]?.key]));
  const other = ids.filter(
    (id) => !now.has(id) || (now.get(id) ?? run.keys.get(id)) !== run.keys.get(id),
  );
  if (other.length > 0) {
    throw new UsageError(
      `the pipeline is not the one of run ${run.name}: ${other[0]} is another now` +
        (other.length > 1 ? `, and ${other.length - 1} more` : ""),
      "bring back the files of that run, and give the same --set",
    );
  }
  return { opened, store, run };
}

type Chosen = Omit<CrateArtifact, keyof CrateFile>;

/** The outputs that the patterns name, without any the results, as the run left them. */
function choose(
  { graph }: Opened,
  patterns: readonly string[],
  run: PastRun,
  store: Store,
): Chosen[] {
  const results = graph.results.filter(({ instance }) =>
    run.keys.has(graph.instances[instance]!.id),
  );
  const wanted = patterns.flatMap((pattern) => {
    const { indices, port } = matchPattern(graph, pattern);
    return indices.flatMap((index) => {
      const ports = Object.keys(graph.instances[index]!.outputs);
      return (port === undefined ? ports : [port]).map((name) => ({ instance: index, port: name }));
    });
  });
  const seen = new Set<string>();
  return (patterns.length > 0 ? wanted : results).flatMap(({ instance, port }) => {
    const { id, stage } = graph.instances[instance]!;
    if (seen.has(`${id}.${port}`)) return [];
    seen.add(`${id}.${port}`);
    const key = run.keys.get(id);
    const record = key === undefined ? undefined : store.getRecord(key);
    if (!record) {
      const why = key === undefined ? "was not computed in" : "is no longer in the store:";
      throw new UsageError(`${id} ${why} run ${run.name}`, `blockspin runs lists the runs`);
    }
    const artifact = Object.hasOwn(record.outputs, port) && record.outputs[port];
    if (!artifact) {
      const known = `outputs: ${Object.keys(record.outputs).join(", ")}`;
      throw new UsageError(`${id} has no output ${JSON.stringify(port)}`, known);
    }
    return [{ id, stage, port, artifact, record }];
  });
}

async function fill(
  folder: string,
  opened: Opened,
  store: Store,
  run: PastRun,
  chosen: readonly Chosen[],
  { format = "arrow", license, set = [] }: CrateFlags,
): Promise<void> {
  const workflow: WorkflowFile[] = (await filesOf(opened, set)).map(({ from, path, role }) => {
    writing(join(folder, path), () => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      copyFileSync(from, join(folder, path));
    });
    return { ...factsOf(folder, path), role };
  });
  const schema = "pipeline.schema.json";
  writeFile(join(folder, schema), [`${JSON.stringify(pipelineJsonSchema(nodeTypes), null, 2)}\n`]);
  const artifacts: CrateArtifact[] = [];
  const names = safeNames(chosen.map(nameOf), `.${format}`, withoutEscapes);
  for (const one of chosen) {
    const [table] = await readTables(store, [{ artifact: one.artifact, coordinate: {} }]);
    const path = `data/${names.get(nameOf(one))}`;
    writeFile(join(folder, path), await encode(table!, format, undefined));
    artifacts.push({ ...factsOf(folder, path), ...one });
  }
  const { params, name } = opened.pipeline;
  const metadata = crateMetadata({
    pipeline: name,
    versions: { software: version(), format: "1" },
    run,
    overrides: set,
    published: new Date().toISOString(),
    license,
    params: Object.fromEntries([...params].map(([param, tree]) => [param, plainValue(tree)])),
    workflow,
    schema: factsOf(folder, schema),
    artifacts,
  });
  writeFile(join(folder, "ro-crate-metadata.json"), [`${JSON.stringify(metadata, null, 2)}\n`]);
}

/** Needs no escapes in a URI. */
const withoutEscapes = (text: string) => text.replace(/\]/g, "").replace(/[^\w=.+-]+/g, "_");

function factsOf(folder: string, path: string): CrateFile {
  const full = join(folder, path);
  const ending = path.split(".").at(-1)!.toLowerCase();
  const format = mediaTypes.get(ending) ?? "application/octet-stream";
  return { path, size: statSync(full).size, digest: fileDigest(full), format };
}

function version(): string {
  const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
