/** What a process apart does (`apart.ts`): each is loaded when it is first asked for. */

export const tasks = {
  vega: async (...args: Parameters<typeof import("./vega.ts").drawVega>) =>
    (await import("./vega.ts")).drawVega(...args),
  png: async (...args: Parameters<typeof import("./raster.ts").rasterize>) =>
    (await import("./raster.ts")).rasterize(...args),
};

export type Tasks = typeof tasks;

export interface Asked {
  readonly name: keyof Tasks;
  readonly args: readonly unknown[];
}

export type Answered = { readonly result: unknown } | { readonly error: string };
