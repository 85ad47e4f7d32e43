/**
 * Kinds of parameters whose values the engine looks at: seeds, files, texts. Their schemas have a mark
 * for it, `x-blockspin`. Knows no node type.
 */
import { Type } from "@sinclair/typebox";
import type { Digest } from "../table/digest.ts";

export type SeedValue = number | string | readonly (number | string)[];

/** Seeds every stream of a node: an integer, a string or a list of them. */
export function Seed(options: { default?: SeedValue; description?: string } = {}) {
  const one = Type.Union([Type.Integer(), Type.String()]);
  return Type.Unsafe<SeedValue>({
    description: "Seed of every random stream of this stage: an integer, a string, or a list.",
    ...options,
    anyOf: [...one.anyOf, { type: "array", items: one, minItems: 1 }],
    "x-blockspin": "seed",
  });
}

/**
 * A place on the way of a node type that grows: the epoch, say, from which another rate holds. It is
 * absolute, so that a longer run begins as a shorter one does; a share of the final value is refused.
 */
export function Step(options: { default?: number; description?: string } = {}) {
  return Type.Unsafe<number>({ ...options, type: "integer", minimum: 0, "x-blockspin": "step" });
}

/** A file parameter as `run` sees it. The key has the content's digest, never the path. */
export interface FileValue {
  readonly name: string;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  /** With `Files()`: whether the file is executable. */
  readonly executable?: boolean;
}

/**
 * A path relative to the pipeline file. With `named`, the path as written enters the key too
 * (for programs that see it).
 */
export function File(options: { description?: string; named?: boolean } = {}) {
  const { named, ...rest } = options;
  return Type.Unsafe<FileValue>({
    description: "Path of a file, relative to the pipeline file.",
    ...rest,
    type: "string",
    "x-blockspin": named ? "named-file" : "file",
  });
}

/**
 * Files that a program is given, by names relative to the pipeline file, which enter the key; so does
 * the content, and that a file may be run. In the list as written, a folder stands for all its files
 * and a pattern (`lib/*.py`) for those that it matches. All lie inside the project.
 */
export function Files(options: { default?: []; description?: string } = {}) {
  const { description, ...rest } = options;
  return Type.Unsafe<readonly FileValue[]>({
    description: `${description ?? "Files"}; paths, folders or patterns such as lib/*.py.`,
    ...rest,
    type: "array",
    items: { type: "string", minLength: 1, "x-blockspin": "program-file" },
    "x-blockspin": "files",
  });
}

/** A text that may be written as a number or as true or false: the key and `run` have the text. */
export function Text(options: { minLength?: number } = {}) {
  return Type.Unsafe<string>({
    ...options,
    type: ["string", "number", "boolean"],
    "x-blockspin": "text",
  });
}
