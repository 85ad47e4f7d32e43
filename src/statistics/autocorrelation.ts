/** Integrated autocorrelation times of Markov chains. Knows nothing of what was measured. */

/** The autocorrelation of a time series. Times are in steps of the series. */
export interface IntegratedTime {
  readonly mean: number;
  /**
   * tau = 1/2 + sum of rho(t): 1/2 for independent values. NaN for a constant series, and where values
   * alternate so that the sum ends at or below 0, which is no time.
   */
  readonly tau: number;
  /** tau sqrt(2 (2W + 1) / n): Madras and Sokal, J. Stat. Phys. 50, 109 (1988), eq. E.11. */
  readonly tauError: number;
  /** W: the smallest window of at least c tau. */
  readonly window: number;
  /** sqrt(2 tau variance / n); 0 for a constant series. */
  readonly meanError: number;
  /** Independent values that the series is worth: n / (2 tau), n if there is no tau. */
  readonly effectiveSize: number;
  /** False where the chains end before the window does; tau is a lower bound then. */
  readonly resolved: boolean;
}

/**
 * tau of independent chains of one process: autocovariances are about the mean over all chains and
 * averaged over all pairs within a chain, which Wolff, Comput. Phys. Commun. 156, 143 (2004)
 * recommends; his factor 1 + (2W + 1) / n makes up for the mean being an estimate (eq. 49). The
 * window is Sokal's, W >= c tau. It must leave half of all pairs; else `resolved` is false.
 */
export function integratedTime(chains: readonly Float64Array[], c = 6): IntegratedTime {
  const n = chains.reduce((total, { length }) => total + length, 0);
  const mean = chains.reduce((total, chain) => total + sum(chain), 0) / n;
  const centered = chains.map((chain) => chain.map((x) => x - mean));
  const variance = covariance(centered, 0) / n;
  // A constant minus its mean is rounding.
  if (!(variance > 1e-24 * mean * mean)) return constant(mean, n);

  let tau = 0.5;
  let window = 0;
  let resolved = false;
  while (!resolved) {
    const pairs = chains.reduce((total, { length }) => total + Math.max(0, length - window - 1), 0);
    if (2 * pairs < n) break;
    window++;
    tau += covariance(centered, window) / pairs / variance;
    resolved = window >= c * tau;
  }
  tau *= 1 + (2 * window + 1) / n;
  if (!(tau > 0)) return { ...constant(mean, n), window, meanError: Number.NaN, resolved: false };
  return {
    mean,
    tau,
    tauError: tau * Math.sqrt((2 * (2 * window + 1)) / n),
    window,
    // The variance about an estimated mean is low by the share 2 tau / n.
    meanError: n > 2 * tau ? Math.sqrt((2 * tau * variance) / (n - 2 * tau)) : Number.NaN,
    effectiveSize: n / (2 * tau),
    resolved,
  };
}

function constant(mean: number, n: number): IntegratedTime {
  const [tau, tauError] = [Number.NaN, Number.NaN];
  return { mean, tau, tauError, window: 0, meanError: 0, effectiveSize: n, resolved: n > 1 };
}

/** Sum over chains and pairs of values t apart. */
function covariance(chains: readonly Float64Array[], t: number): number {
  let total = 0;
  for (const chain of chains) {
    for (let i = t; i < chain.length; i++) total += chain[i - t]! * chain[i]!;
  }
  return total;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
