/** NumPy's array files (NEP 1). Knows nothing of spins. */

export interface NumberArray {
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly values: ArrayLike<number>;
}

type Getter = (view: DataView, at: number, little: boolean) => number;

/** By kind and bytes. */
const items: Record<string, Getter> = {
  b1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

const magic = [0x93, ...Buffer.from("NUMPY")];

export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Throws a RangeError that says what is wrong. */
export function readNpy(bytes: Uint8Array): NumberArray {
  if (!isNpy(bytes)) throw new RangeError("is no NPY file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  if (bytes.length < 12 || !(version && version <= 3))
    throw new RangeError("is a damaged NPY file");
  const [start, length] =
    version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = Buffer.from(bytes.subarray(start, start + length)).toString("latin1");
  const { descr, fortran, shape } = parseHeader(header);
  if (fortran) {
    const how = "numpy.ascontiguousarray";
    throw new RangeError(`is in Fortran order: save it as a C array (${how})`);
  }
  const get = items[descr.slice(1)];
  if (!get) throw new RangeError(`holds items of type "${descr}": expected numbers or bool`);
  const count = shape.reduce((product, n) => product * n, 1);
  const width = Number(descr.slice(2));
  const body = start + length;
  if (bytes.length - body !== count * width) {
    const got = `${bytes.length - body} bytes for ${count} items of ${width}`;
    throw new RangeError(`is not as long as its header says: ${got}`);
  }
  const little = descr[0] !== ">";
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = get(view, body + i * width, little);
  return { shape, values };
}

/** The header is a Python dictionary with these three keys. */
function parseHeader(header: string) {
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (descr === undefined || fortran === undefined || shape === undefined) {
    throw new RangeError("holds no plain array of numbers");
  }
  const lengths = shape.split(",").filter((part) => part.trim() !== "");
  return { descr, fortran: fortran === "True", shape: lengths.map(Number) };
}
