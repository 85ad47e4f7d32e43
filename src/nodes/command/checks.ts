/**
 * Whether a program can be called as a stage says: the places of its files, its arguments and its
 * environment. Reads no file.
 */
import { InvalidInput, InvalidParam } from "../../engine/node-type.ts";

/** A port is a file's name. */
const fitsFile = (port: string) => /^\w[\w.-]*$/.test(port) && port !== "__proto__";
const portAdvice = "is not a port name: write letters, digits, _, - and .";

/** The file that a program writes for an output: of columns, or a picture. */
export function fileOf(port: string, declared: unknown): string {
  return `${port}.${typeof declared === "string" ? declared : "arrow"}`;
}

/**
 * Every file has a place of its own in the folder, under the name by which argv can call it; so
 * have the inputs and the outputs.
 */
export function checkPlaces(
  files: readonly { readonly name: string }[],
  inputs: readonly string[],
  outputs: Readonly<Record<string, unknown>>,
): void {
  const taken = new Map<string, string>();
  for (const port of inputs) {
    if (!fitsFile(port)) throw new InvalidInput(port, portAdvice);
    taken.set(`inputs/${port}.arrow`, `the input ${JSON.stringify(port)}`);
  }
  for (const [port, declared] of Object.entries(outputs)) {
    if (!fitsFile(port)) throw new InvalidParam(`outputs.${port}`, portAdvice);
    taken.set(`outputs/${fileOf(port, declared)}`, `the output ${JSON.stringify(port)}`);
  }
  for (const [i, { name }] of files.entries()) {
    const inside = placeOf(name);
    if (inside === undefined) {
      throw new InvalidParam(`files.${i}`, `${JSON.stringify(name)} is not the name of a file`);
    }
    for (const [place, owner] of taken) {
      if (!`${place}/`.startsWith(`${inside}/`) && !`${inside}/`.startsWith(`${place}/`)) continue;
      throw new InvalidParam(
        `files.${i}`,
        `${JSON.stringify(name)} would lie where ${owner} does, at ${JSON.stringify(place)}`,
      );
    }
    taken.set(inside, JSON.stringify(name));
  }
}

/**
 * Where a file lies in the folder: `./a/../x.py` at `x.py`, and `../lib/x.py`, from above the
 * pipeline's folder, at `lib/x.py`. Undefined for the folder itself.
 */
export function placeOf(name: string): string | undefined {
  const steps: string[] = [];
  for (const step of name.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return steps.length > 0 ? steps.join("/") : undefined;
}

/** Whether a file, or something in a folder, is one of those that the program was given. */
export function isGiven(place: string, given: readonly string[]): boolean {
  return given.some((file) => `${file}/`.startsWith(`${place}/`));
}

/** What no program can be called with. */
export function checkTexts({ argv, env, identify = [] }: Texts): void {
  for (const [name, [program]] of Object.entries({ argv, identify })) {
    if (program === "") throw new InvalidParam(`${name}.0`, "is empty: expected a program");
  }
  for (const [name, texts] of Object.entries({ argv, env, identify })) {
    for (const [key, text] of Object.entries(texts)) {
      const path = `${name}.${key}`;
      if (text.includes("\0")) throw new InvalidParam(path, "holds a zero byte");
      if (name !== "env" || (/^[^=\0]+$/.test(key) && key !== "__proto__")) continue;
      throw new InvalidParam(name, `${JSON.stringify(key)} is not the name of a variable`);
    }
  }
}

interface Texts {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly identify?: readonly string[] | undefined;
}
