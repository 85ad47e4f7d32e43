/**
 * A matrix product for the wasm backend that transposes first. As shipped, only untransposed
 * operands reach XNNPACK; the others take a scalar loop that is 10 to 50 times slower, and every
 * gradient of a dense layer has one (tfjs-backend-wasm/src/cc/batch_mat_mul_impl.cc).
 * Knows nothing of networks.
 */

interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: string;
}

interface Disposer {
  disposeData(dataId: object): boolean;
}

export type Kernel = (call: {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly backend: Disposer;
  readonly attrs: Readonly<Record<string, unknown>>;
}) => TensorInfo;

/** The kernel `BatchMatMul` made of the shipped one and of `Transpose`; for any rank from 2. */
export function transposeFirst(product: Kernel, transpose: Kernel): Kernel {
  return ({ inputs, backend, attrs }) => {
    const temporary: TensorInfo[] = [];
    const operand = (x: TensorInfo, transposed: unknown): TensorInfo => {
      if (!transposed) return x;
      const perm = Array.from(x.shape.keys());
      perm.push(...perm.splice(-2).reverse());
      const result = transpose({ inputs: { x }, backend, attrs: { perm } });
      temporary.push(result);
      return result;
    };
    try {
      const a = operand(inputs["a"]!, attrs["transposeA"]);
      const b = operand(inputs["b"]!, attrs["transposeB"]);
      const plain = { ...attrs, transposeA: false, transposeB: false };
      return product({ inputs: { ...inputs, a, b }, backend, attrs: plain });
    } finally {
      for (const { dataId } of temporary) backend.disposeData(dataId);
    }
  };
}
