/** The energies of all betas against exact ones, together. */
import { f64, i32, nullable } from "../../engine/node-type.ts";
import { incompleteGammaUpper } from "../../statistics/special.ts";

export const pooledColumns = {
  betas: i32,
  z_mean: nullable(f64),
  z_pooled: nullable(f64),
  z_p: nullable(f64),
  chi2: nullable(f64),
  chi2_p: nullable(f64),
};

/** The energies of all betas that have an error, together. */
export function pool(byBeta: readonly { readonly z: number | null }[]) {
  const z = byBeta.flatMap((row) => row.z ?? []);
  const n = z.length;
  const sum = z.reduce((total, x) => total + x, 0);
  const squares = z.reduce((total, x) => total + x * x, 0);
  const pooled = sum / Math.sqrt(n);
  const [zP, chi2P] = [
    incompleteGammaUpper(0.5, (pooled * pooled) / 2),
    incompleteGammaUpper(n / 2, squares / 2),
  ];
  const given = (x: number) => (n === 0 ? null : x);
  return {
    ...{ betas: n, z_mean: given(sum / n), z_pooled: given(pooled), z_p: given(zP) },
    ...{ chi2: given(squares / n), chi2_p: given(chi2P) },
  };
}
