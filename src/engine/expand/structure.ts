/**
 * Structural identity: two instances have the same number exactly when their node, parameters and
 * inputs are the same, all the way up. Like a Merkle tree, but over what is written: it needs no bytes,
 * so it works before anything has run.
 */
import { canonicalJson } from "../../store/digest.ts";
import { type Edge, type Graph, producers } from "../graph.ts";

/** Numbers that are comparable between all graphs that one object has numbered. */
export class Structure {
  readonly #known = new Map<string, number>();
  /** Instances at many coordinates share their parameters. */
  readonly #params = new WeakMap<object, string>();

  /**
   * By instance index.
   *
   * @param other - a graph that was numbered, of which many instances are taken over: such an instance
   *   has the same number if all that it reads has
   */
  numbersOf(
    { instances }: Pick<Graph, "instances">,
    other?: { readonly graph: Pick<Graph, "instances">; readonly numbers: readonly number[] },
  ): readonly number[] {
    const readsSame = new Map<Edge, boolean>();
    const isSame = (edge: Edge): boolean => {
      if (edge.kind === "one") return numbers[edge.instance] === other?.numbers[edge.instance];
      const found =
        readsSame.get(edge) ?? producers(edge).every((i) => numbers[i] === other?.numbers[i]);
      readsSame.set(edge, found);
      return found;
    };
    const numbers: number[] = [];
    // Many instances may share one edge.
    const collected = new Map<Edge, number>();
    const describeEdge = (edge: Edge): unknown => {
      if (edge.kind === "one") return [numbers[edge.instance], edge.port];
      const number = collected.get(edge) ?? this.#numberOf(describeCollected(edge, numbers));
      collected.set(edge, number);
      return number;
    };
    for (const [i, instance] of instances.entries()) {
      const { node, params, inputs, salt } = instance;
      if (other?.graph.instances[i] === instance && Object.values(inputs).every(isSame)) {
        numbers.push(other.numbers[i]!);
        continue;
      }
      const { type, module, code } = node;
      const edges = Object.keys(inputs)
        .sort()
        .map((port) => [port, describeEdge(inputs[port]!)]);
      const head = [type.type, type.version, module, code, salt ?? null, edges];
      numbers.push(this.#numberOf(`${JSON.stringify(head)} ${this.#textOf(params)}`));
    }
    return numbers;
  }

  #numberOf(description: string): number {
    const number = this.#known.get(description) ?? this.#known.size;
    this.#known.set(description, number);
    return number;
  }

  #textOf(params: object): string {
    const text = this.#params.get(params) ?? canonicalJson(params);
    this.#params.set(params, text);
    return text;
  }
}

/** No instance is described in this way: its first word is a text. */
function describeCollected(
  { axes, members }: Extract<Edge, { kind: "collect" }>,
  numbers: readonly number[],
): string {
  const rows = members.map(({ coordinate, instance, port }) => [
    Object.entries(coordinate),
    numbers[instance],
    port,
  ]);
  return JSON.stringify([axes, rows]);
}
