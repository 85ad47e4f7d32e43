/**
 * The matrix products of the wasm backend, made faster. The shipped ones send only untransposed
 * operands to XNNPACK, with much overhead per call. A transposed operand takes a scalar loop that is 50
 * times slower, and every gradient of a dense layer has one
 * (tfjs-backend-wasm/src/cc/batch_mat_mul_impl.cc). Knows nothing of networks.
 */
import type { Memory } from "../../math/index.ts";
import { workIn } from "./kernel.ts";

interface TensorInfo {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: string;
}

interface WasmBackend {
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: string): TensorInfo;
}

/** The module that Emscripten made of the shipped code. */
export interface WasmModule {
  readonly asm: { readonly memory: Memory };
  _malloc(bytes: number): number;
  _free(address: number): void;
}

export type TfKernel = (call: {
  readonly inputs: Readonly<Record<string, TensorInfo | undefined>>;
  readonly backend: WasmBackend;
  readonly attrs: Readonly<Record<string, unknown>>;
}) => TensorInfo;

/**
 * Wraps the shipped kernel `BatchMatMul` or `_FusedMatMul`; the wrapper does the usual case itself: two
 * float32 matrices, with or without a bias.
 */
export function fastProducts(module: WasmModule): (shipped: TfKernel) => TfKernel {
  const allocate = (bytes: number) => {
    // A larger number would be cut to 32 bits.
    if (bytes >= 2 ** 32) throw new RangeError(`no memory for ${bytes} bytes in WebAssembly`);
    const address = module._malloc(bytes) >>> 0; // From 2 GiB on it comes as a negative number.
    if (address === 0) throw new RangeError(`no memory for ${bytes} bytes in WebAssembly`);
    return address;
  };
  const { product } = workIn(module.asm.memory, allocate);
  return (shipped) => (call) => {
    const { inputs, backend, attrs } = call;
    const [a, b, bias] = [inputs["a"]!, inputs["b"]!, inputs["bias"]];
    const isLinear = (attrs["activation"] ?? "linear") === "linear";
    const [aTransposed, bTransposed] = [!!attrs["transposeA"], !!attrs["transposeB"]];
    const [m, k] = sizes(a, aTransposed);
    const [inner, n] = sizes(b, bTransposed);
    const areMatrices = isMatrix(a) && isMatrix(b) && a.shape.length === b.shape.length;
    const fits = inner === k && (!bias || isVector(bias, n));
    if (!(areMatrices && fits && isLinear)) return shipped(call);
    const result = backend.makeOutput([...a.shape.slice(0, -2), m, n], "float32");
    const address = ({ dataId }: TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
    const work = allocate(k * (32 * Math.ceil(n / 8) + 16) + 128);
    product(
      ...([address(a), address(b), bias ? address(bias) : 0, address(result)] as const),
      ...([m, n, k, aTransposed, bTransposed, work] as const),
    );
    module._free(work);
    return result;
  };
}

function isMatrix({ dtype, shape }: TensorInfo): boolean {
  return dtype === "float32" && shape.slice(0, -2).every((length) => length === 1);
}

function isVector({ dtype, shape }: TensorInfo, length: number): boolean {
  return dtype === "float32" && shape.length === 1 && shape[0] === length;
}

/** Rows and columns. */
function sizes({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}
