/**
 * The preimage of an action key: everything that determines an instance's outputs, and nothing
 * else. Never in it: paths, times, host, stage names, file order, resources, parallelism.
 */

import { canonicalJson, sha256 } from "../../store/digest.ts";
import type { Digest } from "../../table/digest.ts";
import type { Coordinate, Edge, Instance } from "../graph.ts";

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

/** What a run settles once, before it makes keys. */
export interface Facts {
  readonly backend: "wasm" | "tensorflow";
  /** Answers of node types' `identify`, by instance index. */
  readonly identities: ReadonlyMap<number, string>;
}

export function preimageOf(
  instance: Instance,
  index: number,
  inputs: Readonly<Record<string, Digest>>,
  facts: Facts,
): Preimage {
  const { type, code } = instance.node;
  const identity = facts.identities.get(index);
  return {
    v: 1,
    node: type.type,
    version: type.version,
    params: instance.params,
    inputs,
    numerics: type.backend ? { backend: facts.backend } : null,
    ...(code === null ? {} : { code }),
    ...(identity === undefined ? {} : { identity }),
    ...(instance.salt === undefined ? {} : { salt: instance.salt }),
  };
}

/**
 * Digest of what arrives through an edge: the artifact's own, or, for collected instances, that of
 * the sorted list of (coordinate, artifact digest), so that the order in the file does not matter.
 */
export function edgeDigest(
  edge: Edge,
  digestOfPort: (instance: number, port: string) => Digest,
): Digest {
  if (edge.kind === "one") return digestOfPort(edge.instance, edge.port);
  const members = edge.members.map((member): [Coordinate, Digest] => [
    member.coordinate,
    digestOfPort(member.instance, member.port),
  ]);
  const byCoordinate = members.map(([coordinate, digest]) => ({
    name: coordinateName(coordinate),
    member: [coordinate, digest],
  }));
  byCoordinate.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return sha256(
    canonicalJson({ collect: edge.axes, members: byCoordinate.map(({ member }) => member) }),
  );
}

/** `rule=majority,seed=3`, axes by name. */
export function coordinateName(coordinate: Coordinate): string {
  return Object.keys(coordinate)
    .sort()
    .map((axis) => `${axis}=${coordinate[axis]}`)
    .join(",");
}

/**
 * Names what a longer and a shorter run of one action have in common: the digest of the preimage
 * without the parameter that grows.
 */
export function lineageOf(preimage: Preimage, by: string): Digest {
  const { [by]: _, ...params } = preimage.params;
  return sha256(canonicalJson({ ...preimage, params }));
}

/** The producers that an edge reads. */
export function producers(edge: Edge): readonly number[] {
  return edge.kind === "one" ? [edge.instance] : edge.members.map(({ instance }) => instance);
}
