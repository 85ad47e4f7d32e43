/** Packed rows on their way through a kernel, some at a time. Knows no lattice. */
import { borrowKernel, type LatticeKernel } from "./kernel.ts";

/**
 * Configurations as a column of bits holds them: row i is the bits from i * sites on. Bits behind the
 * last row may have any value.
 */
export interface PackedRows {
  readonly bits: Uint8Array;
  readonly rows: number;
}

/** Rows in a kernel's memory, with room behind them. Addresses hold until the kernel is lent again. */
export interface Piece {
  readonly kernel: LatticeKernel;
  /** Where the rows begin. */
  readonly at: number;
  /** How many there are, and the number of the first. */
  readonly count: number;
  readonly from: number;
  /** Where the room begins, zeroed; a multiple of 16. */
  readonly out: number;
  /** Where the scratch begins, which may hold anything; a multiple of 16. */
  readonly scratch: number;
}

/** Bytes of room: for each row, and beside; and of scratch. */
export interface Room {
  readonly each: number;
  readonly once?: number;
  readonly scratch?: number;
  /** Rows that a piece has at least, a multiple of 8: where pieces are long, or costly to begin. */
  readonly least?: number;
}

/** About how many bytes of rows and their room are worked on at once: they stay in a cache. */
export const pieceBytes = 2 ** 17;

/** Calls `work` with all rows, of `sites` bits each, piece by piece. */
export function inPieces(
  { bits, rows }: PackedRows,
  sites: number,
  { each, once = 0, scratch = 0, least = 8 }: Room,
  work: (piece: Piece) => void,
): void {
  // Eight rows begin at a byte, whatever their number of sites.
  const most = Math.max(least, 8 * Math.ceil(pieceBytes / (sites + 8 * each)));
  for (let from = 0; from < rows; from += most) {
    const count = Math.min(most, rows - from);
    const bytes = bits.subarray((from / 8) * sites, Math.ceil(((from + count) * sites) / 8));
    // Kernels may read a little behind the rows, and write a little behind the room.
    const own = roomFor(bytes.length);
    const all = own + roomFor(count * each + once);
    const { kernel, at } = borrowKernel(all + scratch);
    const memory = new Uint8Array(kernel.memory.buffer, at, all);
    memory.set(bytes);
    memory.fill(0, own);
    work({ kernel, at, count, from, out: at + own, scratch: at + all });
  }
}

/** Rows of `sites` bits in, rows of `to` bits out, which `work` writes to `out`; it has `room` behind them. */
export function mapRows(
  packed: PackedRows,
  [sites, to]: readonly [number, number],
  { each, once = 0 }: Room,
  work: (piece: Piece & { readonly work: number }) => void,
): PackedRows {
  const bits = new Uint8Array(Math.ceil((packed.rows * to) / 8));
  const room = { each: each + Math.ceil(to / 8), once: once + 32 };
  inPieces(packed, sites, room, (piece) => {
    const { kernel, count, from, out } = piece;
    const bytes = Math.ceil((count * to) / 8);
    work({ ...piece, work: out + roomFor(bytes) });
    bits.set(new Uint8Array(kernel.memory.buffer, out, bytes), (from / 8) * to);
  });
  return { bits, rows: packed.rows };
}

/** So many bytes and at least 8 more, in whole 128-bit words. */
function roomFor(bytes: number): number {
  return 16 * Math.ceil((bytes + 8) / 16);
}
