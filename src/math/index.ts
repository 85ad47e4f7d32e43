/**
 * Elementary functions that give the same bits on every machine. JavaScript leaves the last bits
 * of `Math.exp` and its kin to the engine, so code that feeds an artifact uses these.
 * (`Math.sqrt`, `abs`, `floor` and arithmetic are exact by IEEE 754 and need no twin.)
 * Imports nothing of ours.
 */
import { createMemory, instantiate, type Memory } from "./wasm.ts";

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

const kernel = instantiate("math");

export { createMemory, instantiate, type Memory };

export const exp = kernel["exp"] as Unary;
export const expm1 = kernel["expm1"] as Unary;
export const log = kernel["log"] as Unary;
export const log1p = kernel["log1p"] as Unary;
export const pow = kernel["pow"] as Binary;
export const sin = kernel["sin"] as Unary;
export const cos = kernel["cos"] as Unary;
export const atan2 = kernel["atan2"] as Binary;
export const sinh = kernel["sinh"] as Unary;
export const cosh = kernel["cosh"] as Unary;
export const tanh = kernel["tanh"] as Unary;
export const acosh = kernel["acosh"] as Unary;
export const atanh = kernel["atanh"] as Unary;
