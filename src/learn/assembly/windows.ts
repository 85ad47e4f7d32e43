// Windows of periodic lattices as rows of a matrix, and back.

/**
 * For each of `rows` lattices of `size` numbers, its windows, one cell behind the other: `index` has the
 * place in the lattice of the first of the `channels` numbers of each of `cells` cells. Any counts.
 */
export function gather(
  values: usize,
  rows: i32,
  size: i32,
  index: usize,
  cells: i32,
  channels: i32,
  to: usize,
): void {
  const bytes = <usize>channels << 2;
  const last = index + (<usize>cells << 2);
  for (; rows > 0; rows--, values += <usize>size << 2) {
    if (channels == 1) {
      for (let at = index; at < last; at += 4, to += 4) {
        store<f32>(to, load<f32>(values + (<usize>load<u32>(at) << 2)));
      }
    } else if (channels & 3) {
      for (let at = index; at < last; at += 4) {
        let from = values + (<usize>load<u32>(at) << 2);
        for (const end = to + bytes; to < end; to += 4, from += 4) store<f32>(to, load<f32>(from));
      }
    } else {
      for (let at = index; at < last; at += 4) {
        let from = values + (<usize>load<u32>(at) << 2);
        for (const end = to + bytes; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
      }
    }
  }
}

/** The transpose of `gather`: adds every number of the windows at `from` to its place, in order. */
export function scatter(
  from: usize,
  rows: i32,
  size: i32,
  index: usize,
  cells: i32,
  channels: i32,
  values: usize,
): void {
  const bytes = <usize>channels << 2;
  const last = index + (<usize>cells << 2);
  for (; rows > 0; rows--, values += <usize>size << 2) {
    if (channels & 3) {
      for (let at = index; at < last; at += 4) {
        let to = values + (<usize>load<u32>(at) << 2);
        for (const end = from + bytes; from < end; from += 4, to += 4) {
          store<f32>(to, load<f32>(to) + load<f32>(from));
        }
      }
    } else {
      for (let at = index; at < last; at += 4) {
        let to = values + (<usize>load<u32>(at) << 2);
        for (const end = from + bytes; from < end; from += 16, to += 16) {
          v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
        }
      }
    }
  }
}
