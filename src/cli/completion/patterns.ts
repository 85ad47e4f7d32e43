/** Completes `stage[axis=value,…]`, a piece at a time. Knows no shell. */

type Stages = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** Whole words that begin with what is typed. One that goes on ends with `[`, `=` or `,`. */
export function completePattern(typed: string, stages: Stages): string[] {
  const open = typed.indexOf("[");
  if (open < 0) {
    const names = [...stages].flatMap(([name, axes]) => [
      name,
      ...(axes.size > 0 ? [`${name}[`] : []),
    ]);
    return names.filter((name) => name.startsWith(typed));
  }
  const axes = stages.get(typed.slice(0, open));
  if (!axes) return [];
  const done = typed.slice(0, Math.max(open, typed.lastIndexOf(",")) + 1);
  const used = typed
    .slice(open + 1, done.length)
    .split(",")
    .map((part) => part.split("=")[0]!);
  const free = [...axes.keys()].filter((axis) => !used.includes(axis));
  const all = free.flatMap((axis) => {
    const start = `${done}${axis}=`;
    if (!typed.startsWith(start)) return [start];
    const ends = free.length > 1 ? ["]", ","] : ["]"];
    return axes.get(axis)!.flatMap((value) => ends.map((end) => `${start}${value}${end}`));
  });
  return all.filter((text) => text.startsWith(typed));
}
