/** What a pipeline is now against an earlier run of it: parameters first. Computes nothing. */
import type { StoreRecord } from "../../store/record.ts";
import type { ActionKey } from "../../table/digest.ts";
import type { PastRun } from "../history/runs.ts";
import { plain } from "../language/tree.ts";
import type { Opened } from "../open/open.ts";
import { own } from "../own.ts";
import type { Plan } from "../plan/plan.ts";
import type { Preimage } from "../plan/preimage.ts";
import { type Change, diffPreimages } from "../plan/why.ts";

export interface RunChanges {
  /** Parameters of the file; undefined if the run did not keep them. */
  readonly params: readonly Change[] | undefined;
  /**
   * What else differs in the stages that both have, as `stage.parameter`: a parameter of a stage that no
   * parameter of the file explains, a version, code.
   */
  readonly stages: readonly Change[];
}

interface Records {
  getRecord(key: ActionKey): StoreRecord | undefined;
}

/** `before` is the run, `after` is now. */
export function changesSince(
  { pipeline, graph }: Opened,
  plan: Plan,
  run: PastRun,
  records: Records,
): RunChanges {
  const now = Object.fromEntries([...pipeline.params].map(([name, tree]) => [name, plain(tree)]));
  const params = run.about && differences(run.about.params, now);
  const explained = new Set(
    (params ?? []).map(({ before, after }) => JSON.stringify([before, after])),
  );
  const stages = new Map<string, Change>();
  for (const [index, { id, stage }] of graph.instances.entries()) {
    const key = run.keys.get(id);
    const after = plan[index]?.preimage;
    if (key === undefined || !after || key === plan[index]?.key) continue;
    const before = records.getRecord(key)?.preimage as Preimage | undefined;
    for (const change of before ? diffPreimages(before, after) : []) {
      const [root, ...path] = change.field.split(".");
      if (root === "inputs" || explained.has(JSON.stringify([change.before, change.after])))
        continue;
      const field = [stage, ...(root === "params" ? path : [root, ...path])].join(".");
      stages.set(JSON.stringify({ ...change, field }), { ...change, field });
    }
  }
  return { params, stages: [...stages.values()] };
}

function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): Change[] => {
    const [old, fresh] = [own(before, name), own(after, name)];
    return JSON.stringify(old) === JSON.stringify(fresh)
      ? []
      : [{ field: name, before: old, after: fresh }];
  });
}
