/** Random numbers that are the same on every machine, in streams named by their purpose. */
export type { Generator } from "./generator.ts";
export { type Stream, streamSeed } from "./stream.ts";
export { createGenerator } from "./xoshiro.ts";
