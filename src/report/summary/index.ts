/** What a run concludes, as plain data. */
export type { Conclusion, Conclusions, Count, Fact, Group } from "./conclusions.ts";
export { summarize } from "./summarize.ts";
