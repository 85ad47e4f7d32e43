// Correlations of sites with units, from sums over configurations.

/**
 * For `units` units in turn, each with `side` x `side` sites: the mean product with every site at `raw`, its
 * correlation at `connected` (NaN where one of both does not vary), and what follows from these. All numbers
 * are f64, but `shellOf`, i32, the shell of the site at each displacement.
 *
 * `products` are sums of products, less those at `left` (0: none), of `n` configurations; `sites` the sums of
 * sites and behind them their deviations; `codes` the mean, the deviation and the origin of each unit.
 *
 * Adds to `totals`: the sum of |C|, the number of pairs, the sum over units of the largest |C|, the number of
 * units that have one, the sum of |mean product| and the sum of the largest. Adds to `profile`, which has the
 * sums of `shells` shells and then their counts: C against the distance from the first site where |C| is
 * largest, turned to be positive there.
 */
export function correlate(
  units: i32,
  side: i32,
  n: f64,
  products: usize,
  left: usize,
  sites: usize,
  codes: usize,
  shellOf: usize,
  shells: i32,
  raw: usize,
  connected: usize,
  totals: usize,
  profile: usize,
): void {
  const count = <usize>(side * side) << 3;
  const deviations = sites + count;
  let sum = load<f64>(totals);
  let pairs = load<f64>(totals, 8);
  let sumRaw = load<f64>(totals, 32);
  for (let unit = 0; unit < units; unit++, codes += 24) {
    const mean = load<f64>(codes);
    const deviation = load<f64>(codes, 8);
    const zero = load<f64>(codes, 16);
    let largest: f64 = -1;
    let largestRaw: f64 = -1;
    let center: usize = 0;
    for (let at: usize = 0; at < count; at += 8) {
      let product = load<f64>(products + at);
      if (left) product -= load<f64>(left + at);
      const v = load<f64>(sites + at);
      const r = (product + zero * v) / n;
      store<f64>(raw + at, r);
      sumRaw += abs(r);
      if (abs(r) > largestRaw) largestRaw = abs(r);
      const scale = load<f64>(deviations + at) * deviation * n;
      const c = scale > 0 ? (product - v * mean) / scale : NaN;
      store<f64>(connected + at, c);
      if (!(abs(c) >= 0)) continue;
      sum += abs(c);
      pairs += 1;
      if (abs(c) > largest) {
        largest = abs(c);
        center = at;
      }
    }
    store<f64>(totals, load<f64>(totals, 40) + largestRaw, 40);
    if (largest >= 0) {
      store<f64>(totals, load<f64>(totals, 16) + largest, 16);
      store<f64>(totals, load<f64>(totals, 24) + 1, 24);
      addProfile(connected, side, <i32>(center >> 3), shellOf, shells, profile);
    }
    products += count;
    if (left) left += count;
    raw += count;
    connected += count;
  }
  store<f64>(totals, sum);
  store<f64>(totals, pairs, 8);
  store<f64>(totals, sumRaw, 32);
}

function addProfile(
  unit: usize,
  side: i32,
  center: i32,
  shellOf: usize,
  shells: i32,
  profile: usize,
): void {
  const strongest = load<f64>(unit + ((<usize>center) << 3));
  const sign: f64 = strongest > 0 ? 1 : strongest < 0 ? -1 : 0;
  const up = center / side;
  const counts = (<usize>shells) << 3;
  for (let y = 0; y < side; y++) {
    const down = (y - up + side) % side;
    let right = (side - (center % side)) % side;
    for (let x = 0; x < side; x++, unit += 8) {
      const shell = load<i32>(shellOf + ((<usize>(down * side + right)) << 2));
      if (++right == side) right = 0;
      const c = load<f64>(unit);
      if (c != c) continue;
      const at = profile + ((<usize>shell) << 3);
      store<f64>(at, load<f64>(at) + sign * c);
      store<f64>(at + counts, load<f64>(at + counts) + 1);
    }
  }
}
