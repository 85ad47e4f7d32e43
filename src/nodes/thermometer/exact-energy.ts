/**
 * What the reading by energy is at equilibrium, exactly: its bias and spread from the number of states of
 * each energy. Knows no configurations.
 */
import { densityOfStates } from "../../lattice/exact/density-of-states.ts";
import { exp, log } from "../../math/index.ts";
import { type ExactReading, energyReadings, type Prior } from "./rows.ts";

/** Larger tori would take too long. */
const largestSide = 16;

interface Level {
  readonly energy: number;
  /** ln g(E). */
  readonly entropy: number;
  readonly reading: number;
}

export function exactEnergyReading(side: number | undefined, prior: Prior): ExactReading {
  if (side === undefined || side % 2 || side > largestSide) return () => undefined;
  let known: readonly Level[] | undefined;
  return (beta) => {
    known ??= levelsOf(side, prior);
    const exponents = known.map(({ energy, entropy }) => entropy - beta * energy);
    const largest = exponents.reduce((a, b) => Math.max(a, b));
    let [total, first] = [0, 0];
    for (const [i, { reading }] of known.entries()) {
      const weight = exp(exponents[i]! - largest);
      total += weight;
      first += weight * reading;
    }
    const mean = first / total;
    let squares = 0;
    for (const [i, { reading }] of known.entries()) {
      squares += exp(exponents[i]! - largest) * (reading - mean) * (reading - mean);
    }
    return { mean, spread: Math.sqrt(squares / total) };
  };
}

function levelsOf(side: number, prior: Prior): Level[] {
  const levels = densityOfStates(side);
  const perSite = levels.map(({ energy }) => energy / (side * side));
  const readings = energyReadings(perSite, side, prior);
  return levels.map(({ energy, states }, i) => ({
    energy,
    entropy: log(Number(states)),
    reading: readings[i]!,
  }));
}
