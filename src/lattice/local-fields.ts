/**
 * What each operator of a Hamiltonian adds to the field at each site: s_x times it is the part of the
 * operator's sum that changes sign with s_x. Knows neither couplings' values nor ensembles.
 */
import type { Coupling } from "./couplings.ts";

/**
 * Prepares the fields on a `size` x `size` torus: the function returned writes, for each site of one
 * configuration of spins of +-1, s_x f_x of every coupling, where f_x is the sum over the patterns
 * that contain x of the products of their other spins. No pattern may meet a site twice.
 */
export function alignedFields(
  size: number,
  couplings: readonly Coupling[],
): (spins: Int8Array, into: Int8Array, offset: number) => void {
  const terms = couplings.map(({ patterns }) =>
    patterns.flatMap((offsets) =>
      offsets.map(([y, x], self) =>
        offsets.flatMap(([dy, dx], other) => (other === self ? [] : [[dy - y, dx - x] as const])),
      ),
    ),
  );
  const wrap = (d: number) => ((d % size) + size) % size;
  // The sites that a term multiplies, for every site: one array a term.
  const sites = size * size;
  const partners = terms.map((ofCoupling) =>
    ofCoupling.map((offsets) =>
      Int32Array.from({ length: sites * offsets.length }, (_, i) => {
        const [site, [dy, dx]] = [Math.floor(i / offsets.length), offsets[i % offsets.length]!];
        const [y, x] = [Math.floor(site / size), site % size];
        return wrap(y + dy) * size + wrap(x + dx);
      }),
    ),
  );
  return (spins, into, offset) => {
    for (const [k, ofCoupling] of partners.entries()) {
      for (let site = 0; site < sites; site++) {
        let field = 0;
        for (const partner of ofCoupling) {
          const others = partner.length / sites;
          let product = spins[site]!;
          for (let i = site * others; i < (site + 1) * others; i++) product *= spins[partner[i]!]!;
          field += product;
        }
        into[offset + site * couplings.length + k] = field;
      }
    }
  };
}
