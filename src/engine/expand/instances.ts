/** Places → instances: node types, parameters, edges and output ports. */

import { expectedMessage } from "../../table/errors.ts";
import type { Columns } from "../../table/schema.ts";
import { quote } from "../../text/quote.ts";
import type { Pipeline, Stage } from "../document/pipeline.ts";
import { resources as limits } from "../document/pipeline-schema.ts";
import type { Instance, RegisteredNode, Registry, Resources } from "../graph.ts";
import { type Problems, suggest } from "../language/problems.ts";
import { isLiteral, substitute } from "../language/reference.ts";
import { locate, plain, type Tree, usedAt } from "../language/tree.ts";
import { report, validate } from "../language/validate.ts";
import { flawOfConcludes } from "../modules/declared-conclusions.ts";
import { flawOfOutputs } from "../modules/declared-ports.ts";
import type { InvalidInput, InvalidParam, Ports } from "../node-type.ts";
import { Again } from "./again.ts";
import type { Answers } from "./answers.ts";
import { type Connected, connect, type Made } from "./connect.ts";
import { instanceId } from "./coordinate.ts";
import type { Kept, Layout, Place } from "./expanded.ts";
import type { FileSystem } from "./files.ts";
import { axesOf } from "./join.ts";
import { type Params, StageParams } from "./params.ts";
import { scopeAt } from "./scope.ts";

/** An instance for each place, in the same order; those with errors are left out. */
export class InstanceMaker implements Made {
  readonly instances: Instance[] = [];
  readonly answers: Answers;
  readonly collected: Made["collected"] = new Map();
  readonly #indices = new Map<string, (number | undefined)[]>();
  readonly #pipeline: Pipeline;
  readonly #registry: Registry;
  readonly #fileSystem: FileSystem;
  readonly #problems: Problems;
  readonly #params = new Map<string, StageParams>();
  /** Questions of stages that have been reported. */
  readonly #wrong = new Set<string>();

  constructor(
    pipeline: Pipeline,
    registry: Registry,
    fileSystem: FileSystem,
    answers: Answers,
    problems: Problems,
  ) {
    this.#pipeline = pipeline;
    this.#registry = registry;
    this.#fileSystem = fileSystem;
    this.answers = answers;
    this.#problems = problems;
  }

  /** @param kept - instances that come out the same are taken over */
  make(layout: Layout, kept?: Kept): void {
    const again = kept && new Again(kept, this.instances, this.#registry);
    for (const [name, places] of layout) {
      const stage = this.#pipeline.stages.get(name)!;
      const axes = axesOf(places.map(({ coordinate }) => coordinate));
      const isKept = again?.begin(stage, places) ?? false;
      const indices = places.map((place, i) => {
        const before = isKept ? again!.instance(name, i) : undefined;
        const instance = before ?? this.#instance(stage, place, axes);
        return instance && this.instances.push(instance) - 1;
      });
      this.#indices.set(name, indices);
      again?.end(name, indices);
    }
  }

  indexOf(stage: string, index: number): number | undefined {
    return this.#indices.get(stage)?.[index];
  }

  instance(index: number): Instance {
    return this.instances[index]!;
  }

  #instance(stage: Stage, place: Place, axes: ReadonlySet<string>): Instance | undefined {
    const node = this.#node(stage, place, axes);
    if (!node) return undefined;
    const params = this.#stageParams(stage, node, axes).at(place, this.#problems);
    const connected = connect(stage, place, node.type, this, this.#problems);
    const resources = this.#resources(stage, place, axes);
    const salt = stage.salt && this.#fill(stage.salt, place, axes);
    if (!params || !connected) return undefined;
    const outputs = this.#outputsOf(stage, place, node, params, connected);
    return (
      outputs && {
        id:
          place.shown === place.coordinate ? place.label : instanceId(stage.name, place.coordinate),
        label: place.label,
        stage: stage.name,
        coordinate: place.coordinate,
        shown: place.shown,
        node,
        params: params.values,
        files: params.files,
        inputs: connected.edges,
        outputs,
        resources,
        salt: salt && String(plain(salt)),
        span: stage.span,
      }
    );
  }

  #node(stage: Stage, place: Place, axes: ReadonlySet<string>): RegisteredNode | undefined {
    const tree = this.#fill(stage.node, place, axes);
    const name = tree && String(plain(tree));
    const node = name && this.#registry.get(name);
    if (name && !node) {
      const hint = suggest(name, this.#registry.keys());
      this.#problems.error("unknown-node", `unknown node type ${quote(name)}`, tree.span, { hint });
    }
    return node || undefined;
  }

  #fill(tree: Tree, { coordinate, label }: Place, axes: ReadonlySet<string>): Tree | undefined {
    if (isLiteral(tree)) return tree;
    const before = this.#problems.errors;
    const scope = scopeAt(this.#pipeline, coordinate, axes);
    const filled = substitute(tree, scope, this.#problems, label);
    return this.#problems.errors > before ? undefined : filled;
  }

  #stageParams(stage: Stage, { type }: RegisteredNode, axes: ReadonlySet<string>): StageParams {
    const key = `${stage.name} ${type.type}`;
    let known = this.#params.get(key);
    if (!known) {
      known = new StageParams(this.#pipeline, stage, type, axes, this.#fileSystem, this.answers);
      this.#params.set(key, known);
    }
    return known;
  }

  #resources({ resources }: Stage, place: Place, axes: ReadonlySet<string>): Resources {
    if (!resources) return {};
    const filled = this.#fill(resources, place, axes);
    if (filled?.kind !== "map") return {};
    const values = plain(filled);
    const context = { tree: filled, span: filled.span, word: "key" as const };
    report(validate(limits, values).errors, context, this.#problems);
    return values as Resources;
  }

  /** Asks once for equal parameters and columns, which are all that the answer depends on. */
  #outputsOf(
    stage: Stage,
    place: Place,
    node: RegisteredNode,
    params: Params,
    { columns }: Connected,
  ): Ports | undefined {
    const { type } = node;
    const { outputs } = type;
    if (typeof outputs !== "function") return outputs as Ports;
    const question = this.answers.question(type, params.values, columns);
    const known = this.answers.get(question);
    if (known) return known;
    const key = `${stage.name} ${question}`;
    if (this.#wrong.has(key)) return undefined;
    const instance = params.varying || place.inputs.length > 0 ? place.label : undefined;
    const ports = this.#callOutputs(stage, node, params, columns, instance);
    if (ports) this.answers.set(question, this.answers.first(ports));
    else this.#wrong.add(key);
    return ports && this.answers.get(question);
  }

  #callOutputs(
    stage: Stage,
    { type: { type, outputs, concludes }, code }: RegisteredNode,
    params: Params,
    columns: Readonly<Record<string, Columns>>,
    label: string | undefined,
  ): Ports | undefined {
    const instance = label === stage.name ? undefined : label;
    try {
      const ports = outputs(params.values, columns);
      const flaw = () => flawOfOutputs(ports);
      const found = code === null ? this.answers.right(ports, flaw) : (flaw() ?? ports);
      const wrong = typeof found === "string" ? found : flawOfConcludes(concludes, found);
      if (wrong !== undefined) throw new Error(wrong);
      return found as Ports;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // By properties: a user's module may have loaded its own copy of the class.
      const { message, path, port } = error as Partial<InvalidParam & InvalidInput> & Error;
      const expected = expectedMessage(error) !== undefined;
      if (expected && path !== undefined) {
        const { tree, key, complete, via } = locate(params.tree, path.split("."));
        const span = complete ? tree.span : (key ?? stage.withSpan);
        this.#problems.error("invalid-param", `${quote(path)} ${message}`, span, {
          instance,
          ...usedAt(via),
        });
      } else if (expected && port !== undefined) {
        const input = stage.inputs.find((candidate) => candidate.port === port);
        const span = input?.input.source.span ?? stage.inputsSpan;
        this.#problems.error("invalid-input", `${quote(port)} ${message}`, span, { instance });
      } else {
        const message = `node type ${quote(type)} cannot say what it puts out: ${error.message}`;
        this.#problems.error("invalid-node-type", message, stage.span, { instance });
      }
      return undefined;
    }
  }
}
