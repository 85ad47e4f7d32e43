/** Where the time went: by stage and by node type, each action once. */
import type { Graph } from "../../../engine/index.ts";
import { groupBy } from "../../../text/group.ts";
import { byStage, bytesOf, type Known } from "../known.ts";
import type { Share, Time } from "../model.ts";
import { secondsOf } from "./stages.ts";

export function timeOf(graph: Graph, known: readonly Known[]): Time {
  const stages = [...byStage(graph)];
  const types = groupBy(stages, ([, [first]]) => graph.instances[first!]!.node.type.type);
  return {
    stages: shares(stages.map(([name, indices]) => [name, indices])),
    types: shares([...types].map(([name, of]) => [name, of.flatMap(([, indices]) => indices)])),
  };

  function shares(groups: readonly (readonly [string, readonly number[]])[]): Share[] {
    return groups
      .map(([name, indices]): Share => {
        const members = indices.map((index) => known[index]!);
        const computed = secondsOf(members.filter(({ fresh }) => fresh));
        return { name, computed, cached: secondsOf(members) - computed, bytes: bytesOf(members) };
      })
      .sort((a, b) => b.computed + b.cached - a.computed - a.cached);
  }
}
