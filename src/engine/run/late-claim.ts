/**
 * The claim of an action that is expected to take next to nothing: to do it twice costs less than a claim,
 * so it is claimed only when it turns out to take longer. Knows nothing of what it does.
 */
import { Claim, type Claims } from "../../store/claims.ts";
import type { ActionKey } from "../../table/digest.ts";

export const claimAfterMs = 250;

/** Returns who has claimed it, if anybody has. Throws `StoreError`. */
export function claimLate(
  claims: Claims,
  key: ActionKey,
  afterMs = claimAfterMs,
): Pick<Claim, "release"> | { readonly holder: NonNullable<ReturnType<Claims["holder"]>> } {
  const holder = claims.mayBeHeld(key) ? claims.holder(key) : undefined;
  if (holder) return { holder };
  let claim: ReturnType<Claims["acquire"]> | undefined;
  const timer = setTimeout(() => {
    try {
      claim = claims.acquire(key);
    } catch {
      // A full disk: others may do the work too.
    }
  }, afterMs);
  return {
    release() {
      clearTimeout(timer);
      if (claim instanceof Claim) claim.release();
    },
  };
}
