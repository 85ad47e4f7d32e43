/**
 * The preimage of an action key: everything that determines an action's outputs, and nothing else.
 * Never in it: paths, times, host, stage names, file order, resources, parallelism. `key.ts` makes it.
 */
import type { Digest } from "../../table/digest.ts";
export type Preimage = {
  readonly v: 1;
  /** The node type. */
  readonly node: string;
  readonly version: number;
  readonly params: Readonly<Record<string, unknown>>;
  /** Digest of what each port receives. */
  readonly inputs: Readonly<Record<string, Digest>>;
  /** What did the numerics, where that can show in the bytes. */
  readonly numerics: { readonly backend: "wasm" | "tensorflow" } | null;
  /** Digest of a user's module. */
  readonly code?: string;
  /** What the node type found out before the run, such as a program's version. */
  readonly identity?: string;
  readonly salt?: string;
};

/** A parameter's file whose name is part of the key. */
export interface NamedFile {
  /** Digest of the content. */
  readonly file: string;
  readonly name: string;
  readonly executable?: true;
}

export function isNamedFile(value: unknown): value is NamedFile {
  const { file, name } = Object(value) as Partial<NamedFile>;
  return typeof name === "string" && typeof file === "string" && file.startsWith("sha256:");
}

/**
 * A preimage without what says which code it is: a node type's version and module, the content of
 * the files that a program is given by name, and the like. Two that differ in these alone are equal.
 */
export function withoutCode(preimage: Preimage): Partial<Preimage> {
  const { version: _, code: __, identity: ___, salt: ____, ...rest } = preimage;
  return { ...rest, params: namesAlone(rest.params) as Preimage["params"] };
}

function namesAlone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(namesAlone);
  if (typeof value !== "object" || value === null) return value;
  if (isNamedFile(value)) return { name: value.name };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, namesAlone(part)]));
}
