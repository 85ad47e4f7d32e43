/**
 * How long a set of actions takes on several slots. Pure: knows neither instances nor the clock.
 *
 * It is the larger of two times that no order of work can beat: the longest chain, and all work shared
 * by all slots. So more work, longer work and fewer slots never make it less.
 */

export interface Work {
  /** What has to end before, as indices into the same list; each less than its own. */
  readonly after: readonly number[];
  readonly seconds: number;
  /** Slots that it takes while it runs. */
  readonly slots: number;
  /** Into how many parts it is divided that may run at a time. */
  readonly pieces: number;
}

export interface Taken {
  /** Of all slots together. */
  readonly processor: number;
  /** By the clock. */
  readonly wall: number;
}

export function takes(all: readonly Work[], jobs: number): Taken {
  const ends: number[] = [];
  let [processor, longest] = [0, 0];
  for (const { after, seconds, slots, pieces } of all) {
    const held = Math.min(slots, jobs);
    const atOnce = Math.max(1, Math.min(pieces, Math.floor(jobs / held)));
    let start = 0;
    for (const i of after) start = Math.max(start, ends[i]!);
    const end = start + seconds / atOnce;
    ends.push(end);
    processor += seconds * held;
    longest = Math.max(longest, end);
  }
  return { processor, wall: Math.max(longest, processor / jobs) };
}
