/**
 * An action to be brought about, whoever asked for it: an instance, or a part of one. Plain data
 * beside the node type; knows no state.
 */
import { actionKey } from "../../store/digest.ts";
import type { Judge } from "../../store/objections.ts";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { Instance, Resources } from "../graph.ts";
import type { AnyNodeType } from "../node-type.ts";
import { columnsByPort, judgeBy } from "../plan/judge.ts";
import type { Facts, Preimage } from "../plan/preimage.ts";
import type { ActionBody, ActionInput } from "./action.ts";

export interface Job {
  readonly type: AnyNodeType;
  readonly preimage: Preimage;
  /** Its key is that of the preimage. */
  readonly action: ActionBody;
  readonly resources: Resources;
}

/** What one instance asks for; `recordOf` gives the records of its producers. */
export function jobOf(
  instance: Instance,
  preimage: Preimage,
  recordOf: (instance: number) => StoreRecord,
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
  const { node, id, params, files, outputs, resources } = instance;
  const action: ActionBody = {
    ...{ id, preimage, params, files, outputs },
    key: actionKey(preimage),
    inputs: Object.fromEntries(inputs),
    nodeType: node.type.type,
    module: node.module,
    backend: facts.backend,
    store: store.folder,
  };
  return { type: node.type, preimage, action, resources };
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

/** The same job but for its preimage, and for what of the action goes with that. */
export function alter(
  job: Job,
  preimage: Preimage,
  change: Partial<Pick<ActionBody, "params" | "inputs">>,
): Job {
  const action = { ...job.action, ...change, preimage, key: actionKey(preimage) };
  return { ...job, preimage, action };
}
