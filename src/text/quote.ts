/** Puts texts of users into messages and commands. */
import { clip } from "./clip.ts";

/** A value in a message, as JSON, with what cannot be seen written out. */
export function quote(text: unknown): string {
  return clip((JSON.stringify(text) ?? "nothing").replaceAll(invisible, written));
}

/** Whatever looks like a space, or like nothing, other than the space. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

function written(mark: string): string {
  return `\\u{${mark.codePointAt(0)!.toString(16)}}`;
}

/** The same with everything written out that is not ASCII, for two texts that look alike. */
export function spell(text: unknown): string {
  return clip(JSON.stringify(text).replaceAll(/\P{ASCII}/gu, written));
}

/** A word of a shell's command line. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
