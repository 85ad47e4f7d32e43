/**
 * An action to obtain, for an instance or for a part of one, with its node type and resources. Holds no
 * state.
 */
import type { Judge } from "../../store/objections.ts";
import type { KnownRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Artifact } from "../../table/schema.ts";
import type { Instance, Resources } from "../graph.ts";
import type { AnyNodeType } from "../node-type.ts";
import { columnsByPort, judgeBy } from "../plan/judge.ts";
import { type Facts, type Keyed, keyed } from "../plan/key.ts";
import type { ActionBody, ActionInput } from "./action.ts";

export interface Job {
  readonly type: AnyNodeType;
  readonly action: ActionBody;
  readonly resources: Resources;
}

/** The job of an instance; `recordOf` gives the records of its producers. */
export function jobOf(
  instance: Instance,
  { key, preimage }: Keyed,
  recordOf: (instance: number) => KnownRecord,
  facts: Facts,
  store: Store,
): Job {
  const artifact = (i: number, port: string) => recordOf(i).outputs[port]!;
  const inputs = Object.entries(instance.inputs).map(([port, edge]): [string, ActionInput] => {
    if (edge.kind === "one") {
      const only = { coordinate: {}, artifact: artifact(edge.instance, edge.port) };
      return [port, { axes: [], members: [only] }];
    }
    const members = edge.members.map((member) => ({
      coordinate: member.coordinate,
      artifact: artifact(member.instance, member.port),
    }));
    return [port, { axes: edge.axes, members }];
  });
  const { node, id, files, outputs, resources } = instance;
  const action: ActionBody = {
    ...{ id, key, preimage, files, outputs },
    inputs: Object.fromEntries(inputs),
    module: node.module,
    backend: facts.backend,
    store: store.folder,
  };
  return { type: node.type, action, resources };
}

/** What the action's record must be. */
export function judgeOf({ type, action }: Job): Judge {
  const { maps, checkpoint } = type;
  const columns = columnsByPort(action.outputs);
  const mapped = maps !== undefined && Object.hasOwn(action.inputs, maps);
  const members = mapped ? action.inputs[maps]!.members : undefined;
  const rows = members?.reduce((sum, { artifact }) => sum + artifact.rows, 0);
  return judgeBy({ columns, checkpoint, rows });
}

/** The same action with another value of one parameter. */
export function withParam<A extends ActionBody>(action: A, name: string, value: unknown): A {
  const { preimage } = action;
  return { ...action, ...keyed({ ...preimage, params: { ...preimage.params, [name]: value } }) };
}

/** The same action on another artifact at one port. */
export function withInput<A extends ActionBody>(action: A, port: string, artifact: Artifact): A {
  const { preimage } = action;
  const input = { axes: [], members: [{ coordinate: {}, artifact }] };
  return {
    ...action,
    inputs: { ...action.inputs, [port]: input },
    ...keyed({ ...preimage, inputs: { ...preimage.inputs, [port]: artifact.digest } }),
  };
}
