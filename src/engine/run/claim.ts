/**
 * Saves work between processes: who meets a live claim waits for its holder. Claims never guard
 * correctness; without them an action would only be computed twice.
 */
import type { Store } from "../../store/store.ts";

export async function claimOrWait(
  store: Store,
  key: string,
  signal: AbortSignal,
  onWait: (holder: string) => void,
): Promise<{ release(): void }> {
  let told = false;
  for (;;) {
    const claim = store.claims.acquire(key);
    if ("release" in claim) return claim;
    if (!told) onWait(`${claim.holder.host} (process ${claim.holder.pid})`);
    told = true;
    await store.claims.waitFor(key, { signal });
    signal.throwIfAborted();
  }
}
