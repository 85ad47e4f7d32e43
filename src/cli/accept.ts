/** `blockspin accept`: keeps results across a code change that does not affect them. */
import type { Command } from "commander";
import { acceptResults, type Opened, revokeAcceptance, UsageError } from "../index.ts";
import { groupBy } from "../text/group.ts";
import { type AblationOptions, open } from "./open.ts";
import { json, onePattern, withPipeline } from "./options.ts";
import { familyOf, nameFamily } from "./print/fold.ts";
import { out } from "./print/terminal.ts";

interface AcceptFlags extends AblationOptions {
  readonly reason?: string;
  readonly revoke?: boolean;
}

export function define(command: Command) {
  withPipeline(command)
    .argument("<pattern...>", onePattern)
    .option("--reason <text>", "why the change does not affect them; kept in the record")
    .option("--revoke", "undo it: accepted results count as not computed")
    .addOption(json());
  return accept;
}

async function accept(
  file: string,
  patterns: readonly string[],
  options: AcceptFlags,
): Promise<number> {
  const opened = await open(file, options, patterns);
  if (options.revoke) {
    const revoked = await revokeAcceptance(opened, patterns);
    if (options.json) out.json(revoked);
    else print("revoked", revoked, opened);
    if (revoked.length === 0) throw new UsageError("none of these were accepted");
    return 0;
  }
  const reason = options.reason?.trim();
  if (!reason) {
    throw new UsageError("accepting needs a reason", '--reason "only a comment changed"');
  }
  const accepted = await acceptResults(opened, patterns, reason);
  if (options.json) out.json(accepted);
  else {
    const fields = new Set(accepted.flatMap(({ changes }) => changes.map(({ field }) => field)));
    print(
      "accepted",
      accepted.map(({ id }) => id),
      opened,
    );
    if (fields.size > 0) out.print(`what had changed: ${[...fields].join(", ")}`);
    if (accepted.length === 0) out.print("nothing to accept: all of these are computed");
  }
  return 0;
}

function print(what: string, ids: readonly string[], { graph }: Opened): void {
  const instances = new Map(graph.instances.map((one) => [one.id, one]));
  for (const [family, members] of groupBy(ids, (id) => familyOf(instances.get(id)!))) {
    const labels = members.map((id) => instances.get(id)!.label);
    out.print(`${what} ${nameFamily(family, labels)}`);
  }
}
