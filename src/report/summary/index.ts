/** What a run concludes, as plain data. */
export type { Conclusion, Conclusions, Count, Group } from "./conclusions.ts";
export { summarize } from "./summarize.ts";
