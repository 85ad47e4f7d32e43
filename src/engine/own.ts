/**
 * Looks up a name that a person chose. Without this, every plain object seems to have an entry
 * `constructor`.
 */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
