/** The stages of the baseline: how far each is, what it is made of, and what it took. */
import { type Graph, type Instance, mainPort, producers } from "../../../engine/index.ts";
import { byStage, bytesOf, type Known, tally } from "../known.ts";
import type { Field, Member, Stage } from "../model.ts";
import { textOf } from "./fields.ts";

/** How many instances of a stage the page lists; `why` prints the others. */
const maxMembers = 40;

/** @param command - the words before a pattern, by command: `blockspin why FILE --set …` */
export function stagesOf(
  graph: Graph,
  known: readonly Known[],
  command: (name: string, ...words: readonly string[]) => string,
): Stage[] {
  const results = new Set(graph.results.map(({ instance }) => graph.instances[instance]!.stage));
  return [...byStage(graph)].map(([name, indices]): Stage => {
    const instances = indices.map((index) => graph.instances[index]!);
    const states = indices.map((index) => known[index]!);
    const { node, outputs } = instances[0]!;
    const several = mainPort(outputs) === undefined;
    const port = several ? `.${Object.keys(outputs)[0]}` : "";
    return {
      ...{ name, type: node.type.type, summary: node.type.summary },
      ...{ instances: tally(states), seconds: secondsOf(states), bytes: bytesOf(states) },
      axes: axesOf(instances),
      params: paramsOf(instances),
      members: indices.slice(0, maxMembers).map((index) => member(graph, index, known[index]!)),
      reads: [...new Set(instances.flatMap((one) => readsOf(graph, one)))],
      commands: [
        { name: "why it is in its state", value: command("why", name) },
        { name: "what it made", value: command("show", `${name}${port}`) },
        { name: "what it printed", value: command("log", name) },
      ],
      result: results.has(name),
    };
  });
}

function member({ instances }: Graph, index: number, known: Known): Member {
  const { progress, key, record } = known;
  const reason = progress === "cached" || progress === "running" ? "" : known.reason();
  return {
    ...{ label: instances[index]!.label, progress, key, reason },
    seconds: record?.seconds,
    bytes: bytesOf([known]),
  };
}

/** Instances that share an action count once. */
export function secondsOf(known: Iterable<Known>): number {
  const seconds = new Map<string, number>();
  for (const { record } of known) if (record) seconds.set(record.key, record.seconds);
  return [...seconds.values()].reduce((sum, value) => sum + value, 0);
}

/** The stages that an instance reads. */
function readsOf(graph: Graph, { inputs }: Instance): string[] {
  return Object.values(inputs).flatMap((edge) =>
    producers(edge).map((index) => graph.instances[index]!.stage),
  );
}

function axesOf(instances: readonly Instance[]): Field[] {
  const axes = new Map<string, Set<string>>();
  for (const { shown } of instances) {
    for (const [axis, value] of Object.entries(shown)) {
      axes.set(axis, (axes.get(axis) ?? new Set()).add(String(value)));
    }
  }
  return [...axes].map(([name, values]) => ({ name, value: textOf([...values].join(", ")) }));
}

function paramsOf(instances: readonly Instance[]): Field[] {
  const names = new Set(instances.flatMap(({ params }) => Object.keys(params)));
  return [...names].map((name) => {
    const texts = new Set(instances.map(({ params }) => textOf(params[name])));
    const [first] = texts;
    return { name, value: texts.size === 1 ? first! : `varies: ${texts.size} values` };
  });
}
