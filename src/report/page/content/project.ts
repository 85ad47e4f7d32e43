/** What is known of the project: the commit that it is at, and where it comes from. */
import { dirname } from "node:path";
import { commitOf, originOf, type PastRun } from "../../../engine/index.ts";
import type { Commit } from "../model.ts";

/** The commit that an earlier run was at, or that the project is at now. */
export async function projectOf(
  file: string,
  run: PastRun | undefined,
): Promise<Commit | undefined> {
  const folder = dirname(file);
  const commit = run ? run.about?.commit : await commitOf(folder);
  return commit && { id: commit.id, changed: commit.dirty, origin: await originOf(folder) };
}
