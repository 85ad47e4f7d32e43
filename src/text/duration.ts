/** Times for people. Knows no clock. */

/**
 * `0.4 s`, `12 s`, `3 min 20 s`, `1 h 05 min`, `2 d 3 h`.
 *
 * @param whole - also a short time has no tenths
 */
export function duration(seconds: number, whole = false): string {
  if (seconds < 9.95 && !whole) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  if (all < 60) return `${all} s`;
  if (all < 3600) return pair(all, 60, "min", "s");
  const minutes = Math.round(all / 60);
  if (minutes < 24 * 60) return pair(minutes, 60, "h", "min");
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

function pair(value: number, base: number, large: string, small: string): string {
  return `${Math.floor(value / base)} ${large} ${String(value % base).padStart(2, "0")} ${small}`;
}
