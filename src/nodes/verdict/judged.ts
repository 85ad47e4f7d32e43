/** A claim with its answers: what the rows of all ports are made of. */
import type { Answer } from "../../statistics/verdict.ts";
import type { Role } from "../../statistics/words.ts";
import type { ClaimParam } from "./claim-params.ts";
import type { Comparison } from "./pairs.ts";

/** A claim at one value of its `each` axes, with an answer at each value of its own axis. */
export interface Judged {
  readonly role: Role;
  readonly claim: ClaimParam;
  readonly comparisons: readonly Comparison[];
  readonly answers: readonly Answer[];
}
