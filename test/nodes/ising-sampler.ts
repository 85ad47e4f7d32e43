/** The node type that samples Ising spins, with the types of its ports. */
import type { bits, f64, i8, i32, NodeType, Port, utf8 } from "../../src/engine/node-type.ts";
import { ising } from "../../src/lattice/systems/ising.ts";
import { samplerOf } from "../../src/nodes/sampler.ts";
import type { ScalarColumn } from "../../src/table/schema.ts";

type Nullable<C extends ScalarColumn> = C & { readonly nullable: true };
type Ports = {
  readonly configurations: Port<{
    readonly spins: ReturnType<typeof bits>;
    readonly beta: typeof f64;
    readonly chain: typeof utf8;
    readonly time: typeof i32;
    readonly energy: typeof i32;
    readonly magnetization: typeof i32;
    readonly sign: typeof i8;
  }>;
  readonly diagnostics: Port<{
    readonly beta: typeof f64;
    readonly chain: typeof utf8;
    readonly samples: typeof i32;
    readonly energy: typeof f64;
    readonly magnetization: typeof f64;
    readonly abs_magnetization: typeof f64;
    readonly acceptance: Nullable<typeof f64>;
    readonly mean_cluster: Nullable<typeof f64>;
    readonly flips_per_sample: Nullable<typeof i32>;
  }>;
};

type Given = ReturnType<typeof samplerOf>;
export const isingSampler = samplerOf(ising) as unknown as NodeType<
  Given["params"],
  Record<never, never>,
  Ports
>;
