/** Turns what happens to an instance's action and its parts into events, each event once. */
import type { ActionKey } from "../../table/digest.ts";
import type { Event } from "../events.ts";
import type { Watch } from "./workplace.ts";

export interface Watched {
  readonly watch: Watch;
  /** Why the instance ran; empty if it did not. */
  reason(): readonly string[];
  /** Whether a rerun gave other bytes. */
  differed(): boolean;
}

export function watchInstance(
  { id, key }: { readonly id: string; readonly key: ActionKey },
  emit: (event: Event) => void,
  stopped: () => boolean,
  explain: () => readonly string[],
): Watched {
  let reason: readonly string[] | undefined;
  const holders = new Set<string>();
  const ports = new Set<string>();
  const watch: Watch = {
    stopped,
    started(place) {
      if (reason) return;
      reason = explain();
      emit({ event: "instance", id, state: "started", key, ...place });
    },
    progress(fraction, message, numbers) {
      const said = { ...(message === undefined ? {} : { message }), ...(numbers && { numbers }) };
      emit({ event: "progress", id, fraction, ...said });
    },
    log(line) {
      emit({ event: "log", id, line });
    },
    waiting(holder) {
      if (!holders.has(holder)) emit({ event: "waiting", id, holder });
      holders.add(holder);
    },
    differs(which) {
      const fresh = which.filter((port) => !ports.has(port));
      for (const port of fresh) ports.add(port);
      if (fresh.length === 0) return;
      const names = fresh.map((port) => JSON.stringify(port)).join(", ");
      const message = `a rerun gave other bytes for ${names}; the earlier record is in quarantine`;
      emit({ event: "warning", code: "nondeterministic", id, message });
    },
  };
  return { watch, reason: () => reason ?? [], differed: () => ports.size > 0 };
}
