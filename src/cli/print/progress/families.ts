/** A run as people follow it: instances by family, and events with labels in place of ids. */
import { type Event, type Graph, selectInstances } from "../../../index.ts";
import { groupBy } from "../../../text/group.ts";
import { familyOf } from "../fold.ts";
import { type Family, makeFamily } from "./board.ts";

/** By label. */
export function familiesOf(graph: Graph, only: readonly string[] = []): Map<string, Family> {
  const wanted = selectInstances(graph, only);
  const instances = graph.instances.filter((_, index) => !wanted || wanted.has(index));
  return new Map(
    [...groupBy(instances, familyOf)].flatMap(([name, members]) => {
      const family = makeFamily(name, members.length);
      return members.map(({ label }): [string, Family] => [label, family]);
    }),
  );
}

export function labelled({ instances }: Graph): (event: Event) => Event {
  const labels = new Map(instances.map(({ id, label }) => [id, label]));
  return (event) =>
    "id" in event && event.id !== undefined
      ? { ...event, id: labels.get(event.id) ?? event.id }
      : event;
}
