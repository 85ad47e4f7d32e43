/** What the exact solutions give at one inverse temperature. */

/** Per site. */
export interface Thermodynamics {
  /** ln Z. */
  readonly logZ: number;
  /** Mean energy. */
  readonly energy: number;
  /** c = beta^2 Var(E) / N. */
  readonly specificHeat: number;
  /** s = ln Z + beta u. */
  readonly entropy: number;
}
