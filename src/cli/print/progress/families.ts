/** A run as people follow it: instances by family, and events with labels in place of ids. */
import { type Event, type Graph, selectInstances } from "../../../index.ts";
import { groupBy } from "../../../text/group.ts";
import { familyOf } from "../fold.ts";
import { type Family, makeFamily } from "./board.ts";

/** By label. */
export function familiesOf(graph: Graph, only: readonly string[] = []): Map<string, Family> {
  const wanted = selectInstances(graph, only);
  const instances = graph.instances.filter((_, index) => !wanted || wanted.has(index));
  const families = new Map<string, Family>();
  for (const [name, members] of groupBy(instances, familyOf)) {
    const family = makeFamily(name, members.length);
    for (const { label } of members) families.set(label, family);
  }
  return families;
}

export function labelled({ instances }: Graph): (event: Event) => Event {
  const labels = new Map<string, string>();
  for (const { id, label } of instances) if (label !== id) labels.set(id, label);
  return (event) => {
    const label = "id" in event && event.id !== undefined && labels.get(event.id);
    return label ? { ...event, id: label } : event;
  };
}
