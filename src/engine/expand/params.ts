/**
 * An instance's parameters: references filled in, the pipeline's defaults below, the schema's
 * defaults below those, validated, and files replaced by their digests. Work that does not depend
 * on the coordinate is done once per stage.
 */

import { quote } from "../../text/quote.ts";
import type { Pipeline, Stage } from "../document/pipeline.ts";
import type { Coordinate } from "../graph.ts";
import type { Schema } from "../language/compile-schema.ts";
import type { Problems } from "../language/problems.ts";
import { referencesIn, substituteValues } from "../language/reference.ts";
import { type Entry, type MapTree, plain, type Tree } from "../language/tree.ts";
import { report, validate } from "../language/validate.ts";
import type { AnyNodeType } from "../node-type.ts";
import type { Answers } from "./answers.ts";
import { valueAt } from "./coordinate.ts";
import type { Place } from "./expanded.ts";
import { digestFile, type FileSystem, listFiles, namesMarked } from "./files.ts";
import { scopeAt } from "./scope.ts";

export interface Params {
  readonly values: Readonly<Record<string, unknown>>;
  /** Digest to absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** As written, to point into. */
  readonly tree: MapTree;
  /** Whether they depend on the coordinate. */
  readonly varying: boolean;
}

/** Parameters of one stage with one node type. */
export class StageParams {
  readonly #pipeline: Pipeline;
  readonly #stage: Stage;
  readonly #type: string;
  readonly #schema: Schema;
  readonly #tree: MapTree;
  readonly #names: readonly string[];
  readonly #known = new Map<string, Params | undefined>();
  readonly #axes: ReadonlySet<string>;
  readonly #fileSystem: FileSystem;
  readonly #answers: Answers;

  /** `axes` are those that any instance of the stage has. */
  constructor(
    pipeline: Pipeline,
    stage: Stage,
    type: AnyNodeType,
    axes: ReadonlySet<string>,
    fileSystem: FileSystem,
    answers: Answers,
  ) {
    this.#pipeline = pipeline;
    this.#stage = stage;
    this.#type = type.type;
    this.#schema = type.params as Schema;
    this.#tree = withDefaults(stage.with, pipeline.defaults.get(type.type));
    this.#names = [...new Set(referencesIn(this.#tree).map(({ name }) => name))].sort();
    this.#axes = axes;
    this.#fileSystem = fileSystem;
    this.#answers = answers;
  }

  /** `undefined` where something is wrong, which has then been reported. */
  at({ coordinate, label }: Place, problems: Problems): Params | undefined {
    let key = "";
    for (const name of this.#names) {
      const value = valueAt(coordinate, name);
      if (value !== undefined) key += `${name}=${JSON.stringify(value)},`;
    }
    if (!this.#known.has(key)) {
      this.#known.set(key, this.#make(coordinate, key === "" ? undefined : label, problems));
    }
    return this.#known.get(key);
  }

  #make(coordinate: Coordinate, instance: string | undefined, problems: Problems) {
    const before = problems.errors;
    const scope = scopeAt(this.#pipeline, coordinate, this.#axes);
    const filled = substituteValues(this.#tree, scope, problems, instance);
    if (problems.errors > before) return undefined;
    const files = { pipeline: this.#pipeline.path, fileSystem: this.#fileSystem, problems };
    const tree = listFiles(flattenMarked(filled, this.#schema), this.#schema, files);
    if (problems.errors > before) return undefined;
    const values = plain(tree) as Record<string, unknown>;
    const checked = this.#validate(values, problems);
    if (!checked) return undefined;
    const { errors, marks } = checked;
    const context = { tree, span: this.#stage.withSpan, word: "param" as const };
    const named = ([name]: readonly string[]) => (this.#varies(name) ? instance : undefined);
    report(errors, { ...context, instance: named }, problems);
    if (problems.errors > before) return undefined;
    const paths: Record<string, string> = {};
    for (const mark of marks) {
      if (mark.kind === "text") replaceAt(values, mark.path, textOf);
      else if (fileKinds.includes(mark.kind)) {
        replaceAt(values, mark.path, (value) => digestFile(mark, tree, value, paths, files));
      }
    }
    if (problems.errors > before) return undefined;
    const shared = this.#answers.first(freeze(values));
    return { values: shared, files: paths, tree, varying: instance !== undefined };
  }

  #validate(values: unknown, problems: Problems): ReturnType<typeof validate> | undefined {
    try {
      return validate(this.#schema, values);
    } catch (error) {
      const message = `parameters of node type ${quote(this.#type)}: ${(error as Error).message}`;
      problems.error("invalid-node-type", message, this.#stage.node.span);
      return undefined;
    }
  }

  /** Whether a parameter depends on the coordinate. */
  #varies(name: string | undefined): boolean {
    const entry = name === undefined ? undefined : this.#tree.entries.get(name);
    return entry !== undefined && referencesIn(entry.value).some((r) => this.#axes.has(r.name));
  }
}

/** Marks of schemas: of a file, the content enters the key, or the name too, or the mode too. */
const fileKinds = ["file", "named-file", "program-file"];

/** The text of a number or a truth value is that of JSON. */
function textOf(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? JSON.stringify(value) : value;
}

function replaceAt(root: unknown, path: readonly string[], change: (value: unknown) => unknown) {
  let holder = root as Record<string, unknown>;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
  const value = change(holder[path.at(-1)!]);
  // Assigning to `__proto__` would set the prototype.
  Object.defineProperty(holder, path.at(-1)!, {
    ...{ value, enumerable: true, writable: true, configurable: true },
  });
}

/** A stage's own parameters win, name by name; what lies within a parameter is not mixed. */
function withDefaults(own: MapTree, defaults: Entry | undefined): MapTree {
  if (defaults?.value.kind !== "map") return own;
  return { ...own, entries: new Map([...defaults.value.entries, ...own.entries]) };
}

/** Lists within lists become one where the schema says so: a list of layers may be put together. */
function flattenMarked(tree: MapTree, schema: Schema): MapTree {
  const names = namesMarked(schema, "flatten");
  if (names.length === 0) return tree;
  const entries = new Map(tree.entries);
  for (const name of names) {
    const entry = entries.get(name);
    if (entry?.value.kind !== "list") continue;
    entries.set(name, {
      ...entry,
      value: { ...entry.value, items: entry.value.items.flatMap(flat) },
    });
  }
  return { ...tree, entries };
}

function flat(tree: Tree): readonly Tree[] {
  return tree.kind === "list" ? tree.items.flatMap(flat) : [tree];
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
