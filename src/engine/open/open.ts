/**
 * Opens a pipeline file for a command: the graph of the baseline and of the ablations asked for, the
 * facts that keys need, and the settings. Throws `InvalidPipeline` with every error found.
 */
import { availableParallelism } from "node:os";
import { loadDocument, type Pipeline, readPipeline } from "../document/index.ts";
import { Answers, expandPipeline } from "../expand/index.ts";
import type { Graph, Registry } from "../graph.ts";
import { type Checked, type Diagnostic, InvalidPipeline } from "../language/diagnostic.ts";
import type { Constants } from "../language/range.ts";
import { loadUserNodes } from "../modules/modules.ts";
import type { Facts } from "../plan/key.ts";
import type { ClusterSettings } from "../project/cluster-settings.ts";
import {
  describeDamage,
  type RemoteFlags,
  type StoreHooks,
  type StoreSettings,
  storeSettings,
} from "../project/open-store.ts";
import { type ExecutorSetting, projectRoot, resolveConfig } from "../project/project.ts";
import { Ablations } from "./ablations.ts";
import { identify } from "./identify.ts";
import { keptYaml } from "./kept-trees.ts";
import { type Metric, resolveMetrics } from "./metrics.ts";
import { observed } from "./observed.ts";

export interface OpenOptions {
  readonly registry: Registry;
  /** Numbers that ranges may call by name. */
  readonly constants: Constants;
  /** Which backend `auto` means on this machine. */
  resolveAuto(): Promise<"wasm" | "tensorflow">;
  /** Why a backend cannot be used on this machine; undefined if it can. */
  backendProblem(name: "wasm" | "tensorflow"): Promise<string | undefined>;
  /** `name=value` overrides. */
  readonly set?: readonly string[];
  /** `baseline`, names of ablations or families, or `all`; the baseline if there is none. */
  readonly ablations?: readonly string[];
  readonly cache?: string | undefined;
  readonly backend?: "wasm" | "tensorflow" | "auto" | undefined;
  readonly sharing?: RemoteFlags;
  /** Called with the first problem of each remote, outside of runs. */
  onRemoteProblem?(message: string): void;
  /** Called when something in the store is damaged, which then counts as missing; outside of runs. */
  onDamage?(message: string): void;
  /** Called with each file that is read, or looked for, and each folder or pattern that is listed. */
  onRead?(path: string): void;
}

/** A pipeline that is valid, with the store that it uses. */
export interface Opened {
  readonly pipeline: Pipeline;
  readonly graph: Graph;
  readonly metrics: readonly Metric[];
  readonly facts: Facts;
  readonly warnings: readonly Diagnostic[];
  /** Where the store is. */
  readonly settings: StoreSettings;
  readonly hooks: StoreHooks;
  /** `name=value` overrides. */
  readonly set: readonly string[];
  /** Why this machine cannot use the backend; undefined if it can. Loads the backend. */
  backendProblem(): Promise<string | undefined>;
  readonly jobs: number;
  /** The executor that the configuration asks for. */
  readonly executor: ExecutorSetting | undefined;
  readonly cluster: ClusterSettings;
}

export async function openPipeline(path: string, options: OpenOptions): Promise<Opened> {
  const warnings: Diagnostic[] = [];
  const reading = observed(options.onRead);
  const { readFile } = reading;
  const { set = [], constants } = options;
  const config = resolveConfig(
    projectRoot(path),
    options.cache === undefined ? {} : { cache: options.cache },
    process.env,
  );
  const parse = keptYaml(config.cache);
  const document = checked(loadDocument(path, { set, constants, readFile, parse }), warnings);
  const pipeline = checked(readPipeline(document), warnings);
  const ablations = new Ablations(pipeline.ablations, options.ablations ?? []);
  const answers = new Answers(ablations.chosen.length > 0);
  const expand = async (read: Pipeline, isAblation = false): Promise<Checked<Graph>> => {
    await reading.code(read.use);
    const users = await loadUserNodes(read.use, options.registry.keys());
    if (!users.value) return { value: undefined, diagnostics: users.diagnostics };
    const registry = new Map(options.registry);
    for (const node of users.value) registry.set(node.type.type, node);
    const shared = { ...reading.fileSystem, answers, isAblation };
    const graph = expandPipeline(read, registry, shared);
    return { ...graph, diagnostics: [...users.diagnostics, ...graph.diagnostics] };
  };
  const baseline = checked(await expand(pipeline), warnings);
  const metrics = checked(resolveMetrics(pipeline, baseline), warnings);
  const ablate = (read: Pipeline) => expand(read, true);
  const graph = checked(await ablations.expand(document, baseline, ablate), warnings);
  const asked = options.backend ?? graph.backend;
  const backend = asked === "auto" ? await options.resolveAuto() : asked;
  const facts = { backend, identities: checked(await identify(graph, pipeline), warnings) };
  const settings = storeSettings(config, options.sharing ?? {});
  const { onRemoteProblem, onDamage } = options;
  const hooks: StoreHooks = {
    ...(onRemoteProblem ? { onRemoteProblem } : {}),
    ...(onDamage ? { onDamage: (damage) => onDamage(describeDamage(damage)) } : {}),
  };
  const { jobs = availableParallelism(), executor, cluster } = config;
  const backendProblem = () => options.backendProblem(backend);
  return {
    ...{ pipeline, graph, metrics, facts, warnings, settings, hooks, set, backendProblem },
    ...{ jobs, executor, cluster },
  };
}

function checked<T>({ value, diagnostics }: Checked<T>, warnings: Diagnostic[]): T {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0 || value === undefined) throw new InvalidPipeline(errors);
  warnings.push(...diagnostics);
  return value;
}
