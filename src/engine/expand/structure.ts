/**
 * Structural identity: two instances have the same number exactly when their node, parameters and
 * inputs are the same, all the way up. Like a Merkle tree, but over what is written: it needs no bytes,
 * so it works before anything has run.
 */
import { canonicalJson } from "../../store/digest.ts";
import type { Edge, Graph, Instance } from "../graph.ts";

/** Numbers that are comparable between all graphs that one object has numbered. */
export class Structure {
  readonly #known = new Map<string, number>();
  /** Instances at many coordinates share their parameters. */
  readonly #params = new WeakMap<object, string>();

  /** By instance index. */
  numbersOf({ instances }: Pick<Graph, "instances">): readonly number[] {
    const numbers: number[] = [];
    for (const instance of instances) {
      const description = this.#describe(instance, numbers);
      const number = this.#known.get(description) ?? this.#known.size;
      this.#known.set(description, number);
      numbers.push(number);
    }
    return numbers;
  }

  #describe({ node, params, inputs, salt }: Instance, numbers: readonly number[]): string {
    const { type, module, code } = node;
    const edges = Object.entries(inputs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([port, edge]) => [port, describeEdge(edge, numbers)]);
    const head = [type.type, type.version, module, code, salt ?? null, edges];
    return `${JSON.stringify(head)} ${this.#textOf(params)}`;
  }

  #textOf(params: object): string {
    const text = this.#params.get(params) ?? canonicalJson(params);
    this.#params.set(params, text);
    return text;
  }
}

function describeEdge(edge: Edge, numbers: readonly number[]): unknown {
  if (edge.kind === "one") return [numbers[edge.instance], edge.port];
  const members = edge.members.map(({ coordinate, instance, port }) => [
    Object.entries(coordinate),
    numbers[instance],
    port,
  ]);
  return [edge.axes, members];
}
