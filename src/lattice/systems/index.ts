/** The spin systems by name. Adding one is a file beside this and a line here. */
import { ising } from "./ising.ts";
import type { SpinSystem } from "./system.ts";

export const systems: Readonly<Record<string, SpinSystem>> = { ising };
