/** Decides whether a reader accepts a record by its signature. Knows no remote. */
import type { StoreRecord } from "../record.ts";
import { verifySignature } from "../sign.ts";

/** Public keys; or anyone, signed or not. */
export type Trust = "anyone" | ReadonlySet<string>;

/** `unknown`: a valid signature of a key that is not trusted. `forged`: an invalid signature. */
export type Verdict = "accepted" | "unsigned" | "unknown" | "forged";

export function judge({ check, signature }: StoreRecord, trust: Trust): Verdict {
  if (!signature) return trust === "anyone" ? "accepted" : "unsigned";
  if (!verifySignature(check, signature)) return "forged";
  return trust === "anyone" || trust.has(signature.key) ? "accepted" : "unknown";
}
