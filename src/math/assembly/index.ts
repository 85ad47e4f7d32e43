// Elementary functions as WebAssembly: AssemblyScript's Math is a port of musl, plain f64 arithmetic.
export function exp(x: f64): f64 {
  return Math.exp(x);
}
export function expm1(x: f64): f64 {
  return Math.expm1(x);
}
export function log(x: f64): f64 {
  return Math.log(x);
}
export function log1p(x: f64): f64 {
  return Math.log1p(x);
}
export function pow(x: f64, y: f64): f64 {
  return Math.pow(x, y);
}
export function sin(x: f64): f64 {
  return Math.sin(x);
}
export function cos(x: f64): f64 {
  return Math.cos(x);
}
export function atan2(y: f64, x: f64): f64 {
  return Math.atan2(y, x);
}
export function sinh(x: f64): f64 {
  return Math.sinh(x);
}
export function cosh(x: f64): f64 {
  return Math.cosh(x);
}
export function tanh(x: f64): f64 {
  return Math.tanh(x);
}
export function acosh(x: f64): f64 {
  return Math.acosh(x);
}
export function atanh(x: f64): f64 {
  return Math.atanh(x);
}
