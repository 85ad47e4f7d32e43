/**
 * Looks up what people give names to. Every plain object seems to have a `constructor` and a
 * `toString` of its own.
 */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
