/**
 * Reads the members of a ZIP file (APPNOTE 6.3), and verifies the size and checksum of each: fflate
 * does not verify checksums. Knows nothing of what is in a member.
 */
import { constants, crc32, inflateRawSync } from "node:zlib";

export interface Member {
  readonly name: string;
  /** The first few thousand bytes, not verified. */
  readonly begin: () => Uint8Array;
  /** All of it, verified. */
  readonly bytes: () => Uint8Array;
}

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** The same limit as for a file. */
const BYTES_MAX = 2 ** 31 - 1;
/** DEFLATE cannot compress more; a larger claim is false. */
const RATIO_MAX = 1032;
const BEGIN_BYTES = 4096;

/** Throws a RangeError that says what is wrong. */
export function openZip(bytes: Uint8Array): readonly Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(bytes, view);
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.size === seen.add(name).size) {
      throw new RangeError(`has two members called ${JSON.stringify(name)}`);
    }
  }
  return entries.map((entry) => ({
    name: entry.name,
    begin: () => {
      const packed = contentOf(bytes, view, entry);
      if (entry.method === 0) return packed.subarray(0, BEGIN_BYTES);
      return unpack(packed.subarray(0, BEGIN_BYTES), BEGIN_BYTES * RATIO_MAX, entry.name).buffer;
    },
    bytes: () => verified(contentOf(bytes, view, entry), entry),
  }));
}

/** The list of members, which must fill the space between the members and the end record. */
function readDirectory(bytes: Uint8Array, view: DataView): readonly Entry[] {
  const end = findEnd(view);
  const disks = view.getUint32(end + 4, true);
  const [here, count] = [view.getUint16(end + 8, true), view.getUint16(end + 10, true)];
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (disks !== 0 || here !== count || start + size !== end) {
    throw new RangeError("is a damaged ZIP file: its list of members is not where it should be");
  }
  const entries: Entry[] = [];
  let at = start;
  while (at < end) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw damagedAt(at);
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + name! + extra! + comment!;
    if (next > end) throw damagedAt(at);
    entries.push({
      name: Buffer.from(bytes.subarray(at + 46, at + 46 + name!)).toString("utf8"),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  if (entries.length !== count) throw damagedAt(end);
  return entries;
}

/** The record that ends the file; only its comment follows. */
function findEnd(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (view.getUint16(at + 20, true) === last - at) return at;
  }
  throw new RangeError("is a damaged ZIP file: its end is missing");
}

/** The packed bytes of a member. Its own header must agree with the list. */
function contentOf(bytes: Uint8Array, view: DataView, entry: Entry): Uint8Array {
  const { name, flags, method, crc, packed, size, offset } = entry;
  const quoted = JSON.stringify(name);
  if (flags & 1) throw new RangeError(`has an encrypted member ${quoted}`);
  if (method !== 0 && method !== 8) {
    throw new RangeError(`has a member ${quoted} in an unsupported compression, number ${method}`);
  }
  if (size > BYTES_MAX || packed > BYTES_MAX || size > RATIO_MAX * packed) {
    throw new RangeError(`has a member ${quoted} that claims ${size} bytes: too large to be true`);
  }
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== 0x04034b50) {
    throw damagedAt(offset);
  }
  const length = view.getUint16(offset + 26, true);
  const start = offset + 30 + length + view.getUint16(offset + 28, true);
  const own = Buffer.from(bytes.subarray(offset + 30, offset + 30 + length)).toString("utf8");
  const same =
    own === name &&
    view.getUint16(offset + 6, true) === flags &&
    view.getUint16(offset + 8, true) === method;
  // With this flag set, the checksum and the sizes follow the member. A field is full if its size
  // does not fit, or might have outgrown it while it was written.
  const fits = (field: number, value: number) => {
    const said = view.getUint32(offset + field, true);
    return said === value || said === 0xffffffff;
  };
  const agrees =
    (flags & 8) !== 0 ||
    (view.getUint32(offset + 14, true) === crc && fits(18, packed) && fits(22, size));
  if (!same || !agrees || start + packed > bytes.length) throw damagedAt(offset);
  return bytes.subarray(start, start + packed);
}

function verified(packed: Uint8Array, { name, method, size, crc }: Entry): Uint8Array {
  const { buffer, used } =
    method === 0 ? { buffer: packed, used: packed.length } : unpack(packed, size, name);
  if (used !== packed.length || buffer.length !== size || crc32(buffer) !== crc) {
    const what = "does not match its size and checksum";
    throw new RangeError(`is a damaged ZIP file: member ${JSON.stringify(name)} ${what}`);
  }
  return buffer;
}

/** The unpacked bytes, and how many packed bytes they took. */
function unpack(packed: Uint8Array, most: number, name: string) {
  try {
    const { buffer, engine } = inflateRawSync(packed, {
      maxOutputLength: Math.max(1, most),
      // Some of the packed bytes give some of the member.
      finishFlush: constants.Z_SYNC_FLUSH,
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return { buffer, used: engine.bytesWritten };
  } catch (error) {
    const message = `is a damaged ZIP file: member ${JSON.stringify(name)} cannot be unpacked`;
    throw new RangeError(message, { cause: error });
  }
}

function damagedAt(at: number): RangeError {
  return new RangeError(`is a damaged ZIP file: at byte ${at}`);
}
