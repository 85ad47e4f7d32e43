/** Reads items of NumPy's arrays as numbers. Knows nothing of files. */

export interface Getter {
  /** NumPy's name of the type. */
  readonly name: string;
  readonly width: number;
  readonly get: (view: DataView, at: number, little: boolean) => number;
}

/** By kind and number of bytes, as in a header. */
export const getters: Readonly<Record<string, Getter>> = {
  i1: { name: "int8", width: 1, get: (view, at) => view.getInt8(at) },
  u1: { name: "uint8", width: 1, get: (view, at) => view.getUint8(at) },
  b1: { name: "bool", width: 1, get: (view, at) => view.getUint8(at) },
  i2: { name: "int16", width: 2, get: (view, at, little) => view.getInt16(at, little) },
  u2: { name: "uint16", width: 2, get: (view, at, little) => view.getUint16(at, little) },
  i4: { name: "int32", width: 4, get: (view, at, little) => view.getInt32(at, little) },
  u4: { name: "uint32", width: 4, get: (view, at, little) => view.getUint32(at, little) },
  i8: { name: "int64", width: 8, get: (view, at, little) => Number(view.getBigInt64(at, little)) },
  u8: {
    name: "uint64",
    width: 8,
    get: (view, at, little) => Number(view.getBigUint64(at, little)),
  },
  f2: { name: "float16", width: 2, get: (view, at, little) => half(view.getUint16(at, little)) },
  f4: { name: "float32", width: 4, get: (view, at, little) => view.getFloat32(at, little) },
  f8: { name: "float64", width: 8, get: (view, at, little) => view.getFloat64(at, little) },
};

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
