/** Reads arrays of NPY and NPZ files by name. Knows nothing of spins. */
import { kindOf } from "./containers.ts";
import { type NumberArray, readHeader, readNpy } from "./npy.ts";
import { type Member, openZip } from "./zip.ts";

/**
 * The array of an NPY file, or the one of this name in an NPZ file; a single array needs no name.
 * Throws a RangeError that says what is wrong.
 */
export function readArray(bytes: Uint8Array, name?: string): NumberArray {
  if (kindOf(bytes)?.format !== "npz") {
    if (name === undefined) return readNpy(bytes);
    throw new RangeError(`is an NPY file, whose array has no name: leave out array`);
  }
  const members = openZip(bytes).filter((member) => member.name.endsWith(".npy"));
  if (members.length === 0) {
    throw new RangeError("is a ZIP file without an array: expected members that end in .npy");
  }
  const member = members.find((one) => arrayName(one) === name);
  if (name !== undefined && !member) {
    throw new RangeError(`has no array ${JSON.stringify(name)}, but ${list(members)}`);
  }
  if (name === undefined && members.length > 1) {
    throw new RangeError(`has ${members.length} arrays, ${list(members)}: say which with array`);
  }
  return readNpy((member ?? members[0]!).bytes());
}

function arrayName({ name }: Member): string {
  return name.slice(0, -".npy".length);
}

const LISTED_MAX = 8;

/** `"spins" [4, 2, 2], "T" [4]` */
function list(members: readonly Member[]): string {
  const shown = members.slice(0, LISTED_MAX).map((member) => {
    return `${JSON.stringify(arrayName(member))}${shapeOf(member)}`;
  });
  return [...shown, ...(members.length > LISTED_MAX ? ["…"] : [])].join(", ");
}

/** For a message: a member that cannot be read does not matter here. */
function shapeOf(member: Member): string {
  try {
    return ` [${readHeader(member.begin()).shape.join(", ")}]`;
  } catch {
    return "";
  }
}
