/**
 * Makes action keys. The one place that does: a key and the preimage that it is the digest of are made
 * together, so that the preimage always explains the key. Knows no store and no state.
 */
import { actionKey, canonicalJson, sha256 } from "../../store/digest.ts";
import type { ActionKey, Digest } from "../../table/digest.ts";
import type { Coordinate, Edge, Instance } from "../graph.ts";
import type { Preimage } from "./preimage.ts";

/** What a run settles once, before it makes keys. */
export interface Facts {
  readonly backend: "wasm" | "tensorflow";
  /** Answers of node types' `identify`, by instance index. */
  readonly identities: ReadonlyMap<number, string>;
}

export interface Keyed {
  readonly key: ActionKey;
  readonly preimage: Preimage;
}

/**
 * The key of an instance.
 *
 * @param digestOf - the digest of a producer's output, which must be known
 */
export function keyOf(
  instance: Instance,
  index: number,
  digestOf: (instance: number, port: string) => Digest,
  { backend, identities }: Facts,
): Keyed {
  const { type, code } = instance.node;
  const inputs = Object.entries(instance.inputs).map(([port, edge]): [string, Digest] => [
    port,
    edgeDigest(edge, digestOf),
  ]);
  const identity = identities.get(index);
  return keyed({
    v: 1,
    node: type.type,
    version: type.version,
    params: instance.params,
    inputs: Object.fromEntries(inputs),
    numerics: type.backend ? { backend } : null,
    ...(code === null ? {} : { code }),
    ...(identity === undefined ? {} : { identity }),
    ...(instance.salt === undefined ? {} : { salt: instance.salt }),
  });
}

/** A preimage with its key. */
export function keyed(preimage: Preimage): Keyed {
  return { key: actionKey(preimage), preimage };
}

/**
 * The digest of what arrives through an edge: the artifact's own, or, for collected instances, that
 * of the sorted list of (coordinate, artifact digest), so that the order in the file does not matter.
 */
function edgeDigest(edge: Edge, digestOf: (instance: number, port: string) => Digest): Digest {
  if (edge.kind === "one") return digestOf(edge.instance, edge.port);
  const members = edge.members.map(({ coordinate, instance, port }) => ({
    name: coordinateName(coordinate),
    member: [coordinate, digestOf(instance, port)],
  }));
  members.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return sha256(
    canonicalJson({ collect: edge.axes, members: members.map(({ member }) => member) }),
  );
}

/** `rule=majority,seed=3`, axes by name. */
function coordinateName(coordinate: Coordinate): string {
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
