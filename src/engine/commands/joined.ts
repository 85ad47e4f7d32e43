/** Joins artifacts to one Arrow file in the store; the first columns are the axes. */
import { canonicalJson, sha256 } from "../../store/digest.ts";
import { writeJoined } from "../../store/joined.ts";
import type { Store } from "../../store/store.ts";
import type { ActionInput } from "../run/action.ts";
import { alike, openInput } from "../run/input.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Returns the path and the number of rows. Holds one chunk in memory at a time. Rejects with
 * `UsageError` if columns differ, and with `MissingObject` and `StoreError`.
 */
export async function joinArtifacts(
  store: Store,
  members: ActionInput["members"],
): Promise<{ path: string; rows: number }> {
  const { encodeFile } = await import("../../table/arrow-writer.ts");
  const [input, another] = alike(members);
  if (!input || another) {
    throw new UsageError(
      "artifacts with different columns do not fit into one file",
      "name one instance, or some that are alike",
    );
  }
  const { schema, rows, chunks } = openInput(input, store);
  const parts = members.map(({ coordinate, artifact }) => [coordinate, artifact.digest]);
  // The same rows always have the same path.
  const name = sha256(canonicalJson({ joined: parts, axes: input.axes }));
  return { path: await writeJoined(store, name, encodeFile(schema, chunks())), rows };
}
