// Tables of 32-bit integers in memory.
@inline
export function get(table: usize, at: i32): i32 {
  return load<i32>(table + ((<usize>at) << 2));
}

@inline
export function set(table: usize, at: i32, value: i32): void {
  store<i32>(table + ((<usize>at) << 2), value);
}
