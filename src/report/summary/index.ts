/** What a run concludes, as plain data. */
export type { Conclusion, Conclusions, Count, Fact, Group } from "./conclusions.ts";
export { unitsOf } from "./headline.ts";
export { summarize } from "./summarize.ts";
