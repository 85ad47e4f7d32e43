/** Times for people. Knows no clock. */

/** `0.4 s`, `12 s`, `3 min 20 s`, `1 h 05 min`, `2 d 3 h`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, 60, "min", "s");
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return pair(minutes, 60, "h", "min");
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

function pair(value: number, base: number, large: string, small: string): string {
  return `${Math.floor(value / base)} ${large} ${String(value % base).padStart(2, "0")} ${small}`;
}
