// How many bytes the library fflate (version 0.8, MIT licence) makes of a stream at level 9 and memory 8. Decision by
// decision what its `dflt` does, without the bytes themselves, so that every size is the library's.
import { blockBits, distanceCode, distanceExtra, lengthCode, lengthExtra } from "./huffman";

/** The last places of three bytes with the same hash, in 20 bits. Zeros between two calls. */
const heads: usize = memory.data(2 << 20);
/** The place before, of the places in a window of 32 KiB. */
const before: usize = memory.data(2 << 15);

/** How often each literal or length occurs in a block, and each distance. */
const literals: usize = memory.data(4 * 288);
const distances: usize = memory.data(4 * 32);

const window = 32767;
/** How many earlier places are tried. */
const mostTried = 4096;
const longest = 258;

@inline
function hash(at: usize): usize {
  const value = load<u8>(at) ^ ((<i32>load<u8>(at, 1)) << 7) ^ ((<i32>load<u8>(at, 2)) << 14);
  return heads + ((<usize>(value & 0xfffff)) << 1);
}

/** `size` bytes at `data`, fewer than 2^30. */
export function deflatedSize(data: usize, size: i32): i32 {
  let bits: i64 = 0;
  let matches = 0;
  let symbols = 0;
  let extra = 0;
  let start = 0;
  // Where a match ends, whose places are only entered.
  let covered = 0;
  let i = 0;
  for (; i + 2 < size; i++) {
    const head = hash(data + i);
    let place = i & window;
    let earlier = <i32>load<u16>(head);
    store<u16>(before + ((<usize>place) << 1), <u16>earlier);
    store<u16>(head, <u16>place);
    if (covered > i) continue;
    const left = size - i;
    if ((matches > 7000 || symbols > 24576) && left > 423) {
      bits = blockBits(bits, literals, distances, extra, i - start);
      clear();
      symbols = matches = extra = 0;
      start = i;
    }
    let length = 2;
    let distance = 0;
    let back = (place - earlier) & window;
    if (head == hash(data + i - back)) {
      const enough = min(longest, left);
      const furthest = min(window, i);
      const here = data + i;
      for (let tries = mostTried - 1; back <= furthest && tries && place != earlier; tries--) {
        const there = here - back;
        if (load<u8>(here + length) == load<u8>(there + length)) {
          let same = 0;
          while (same < enough && load<u8>(here + same) == load<u8>(there + same)) same++;
          if (same > length) {
            length = same;
            distance = back;
            if (same >= enough) break;
            // From now on along the rarest pair of bytes of the match, which has the furthest place before.
            const most = min(back, same - 2);
            let rarest = 0;
            for (let j = 0; j < most; j++) {
              const one = (i - back + j) & window;
              const gap = (one - <i32>load<u16>(before + ((<usize>one) << 1))) & window;
              if (gap > rarest) {
                rarest = gap;
                earlier = one;
              }
            }
          }
        }
        place = earlier;
        earlier = <i32>load<u16>(before + ((<usize>place) << 1));
        back += (place - earlier) & window;
      }
    }
    symbols++;
    if (distance) {
      count(literals, 257 + lengthCode(length));
      count(distances, distanceCode(distance));
      extra += lengthExtra(length) + distanceExtra(distance);
      covered = i + length;
      matches++;
    } else {
      count(literals, load<u8>(data + i));
    }
  }
  for (i = max(i, covered); i < size; i++) count(literals, load<u8>(data + i));
  bits = blockBits(bits, literals, distances, extra, i - start);
  clear();
  for (let at = data; at + 2 < data + size; at++) store<u16>(hash(at), 0);
  // The room that the library has for its result.
  const most = size + 5 * (1 + (size + 6999) / 7000);
  return min(most, <i32>((bits + 7) >> 3));
}

function count(table: usize, symbol: i32): void {
  const at = table + ((<usize>symbol) << 2);
  store<i32>(at, load<i32>(at) + 1);
}

function clear(): void {
  memory.fill(literals, 0, 4 * 288);
  memory.fill(distances, 0, 4 * 32);
}
