/**
 * Ensembles that keep one property of spin configurations and lose the rest, for measures to be compared
 * with. One configuration of ±1 at a time, drawn from its own stream.
 */
import type { Generator } from "../random/index.ts";

/** Writes the control of `spins` to `into`. */
export type Control = (spins: Int8Array, into: Int8Array, random: () => Generator) => void;

export const controls = {
  /** Every spin is +1 or -1 with equal chance: nothing is kept. */
  "infinite-temperature": (_spins, into, random) => {
    const generator = random();
    for (let i = 0; i < into.length; i += 32) {
      const word = generator.uint32();
      const end = Math.min(32, into.length - i);
      for (let k = 0; k < end; k++) into[i + k] = ((word >>> k) & 1) * 2 - 1;
    }
  },

  /** The same spins in random places: the magnetization is kept exactly. */
  "shuffled-sites": (spins, into, random) => {
    into.set(spins);
    random().shuffle(into);
  },

  /** Independent spins in the field of the configuration: P(+1) = (1 + m) / 2 at every site. */
  "mean-field": (spins, into, random) => {
    let up = 0;
    for (let i = 0; i < spins.length; i++) if (spins[i]! > 0) up++;
    const generator = random();
    for (let i = 0; i < into.length; i++) into[i] = generator.below(spins.length) < up ? 1 : -1;
  },

  /** All spins reversed: everything even is kept. */
  "global-flip": (spins, into) => {
    for (let i = 0; i < into.length; i++) into[i] = -spins[i]!;
  },
} as const satisfies Record<string, Control>;
