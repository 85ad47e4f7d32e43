/** What to do with an earlier record of an action that was performed again. Knows no place of work. */
import { isDeepStrictEqual } from "node:util";
import type { StoreRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import type { ActionResult } from "./action.ts";
import type { Job } from "./job.ts";
import type { Watch } from "./workplace.ts";

/** Quarantines an earlier record that differs, and reports ports with other bytes. */
export function compareWith(
  earlier: StoreRecord | undefined,
  { action }: Job,
  { outputs }: ActionResult,
  store: Store,
  watch: Pick<Watch, "differs">,
): void {
  if (!earlier) return;
  const ports = Object.keys(outputs).filter(
    (port) => outputs[port]!.digest !== earlier.outputs[port]?.digest,
  );
  if (ports.length > 0) {
    store.quarantineRecord(action.key, "nondeterministic");
    watch.differs(ports);
    // The same bytes, but the earlier record states other numbers of rows.
  } else if (!isDeepStrictEqual({ ...outputs }, { ...earlier.outputs })) {
    store.quarantineRecord(action.key, "it is not what its objects are");
  }
}
