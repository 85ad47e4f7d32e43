/**
 * Two kernels of the wasm backend, made faster. Its matrix product sends only untransposed operands
 * to XNNPACK; the others take a scalar loop that is 10 to 50 times slower, and every gradient of a
 * dense layer has one (tfjs-backend-wasm/src/cc/batch_mat_mul_impl.cc): so it transposes first. Its
 * transposition finds the place of each number by division: so matrices are transposed here.
 * Knows nothing of networks.
 */

interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: string;
}

interface WasmBackend {
  readonly wasm: { readonly HEAPU8: Uint8Array<ArrayBuffer> };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: string): TensorInfo;
  disposeData(dataId: object): boolean;
}

export type Kernel = (call: {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly backend: WasmBackend;
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

/** Sides of the squares in which a matrix is transposed: both ends of one fit the cache's lines. */
const square = 16;

/** The kernel `Transpose` made of the shipped one, for all that is no matrix of float32 numbers. */
export function transposeMatrices(shipped: Kernel): Kernel {
  return (call) => {
    const { backend, attrs } = call;
    const { shape, dtype, dataId } = call.inputs["x"]!;
    const [first, second] = attrs["perm"] as number[];
    if (shape.length !== 2 || dtype !== "float32" || first !== 1 || second !== 0) {
      return shipped(call);
    }
    const [rows, columns] = shape as [number, number];
    const result = backend.makeOutput([columns, rows], dtype);
    // After `makeOutput`, which may have moved the memory.
    const numbers = ({ dataId }: { dataId: object }) => {
      const { memoryOffset } = backend.dataIdMap.get(dataId);
      return new Float32Array(backend.wasm.HEAPU8.buffer, memoryOffset, rows * columns);
    };
    transpose(numbers({ dataId }), numbers(result), rows, columns);
    return result;
  };
}

function transpose(from: Float32Array, to: Float32Array, rows: number, columns: number): void {
  for (let top = 0; top < rows; top += square) {
    const bottom = Math.min(rows, top + square);
    for (let left = 0; left < columns; left += square) {
      const right = Math.min(columns, left + square);
      for (let column = left; column < right; column++) {
        for (let row = top; row < bottom; row++)
          to[column * rows + row] = from[row * columns + column]!;
      }
    }
  }
}
