/**
 * `command`: runs any program. Its inputs lie as uncompressed Arrow files in `inputs/`, its outputs
 * are read from `outputs/`. Knows nothing of what the program does.
 */
import {
  ActionError,
  type Columns,
  type ColumnType,
  defineNode,
  File,
  InvalidInput,
  InvalidParam,
  type Output,
  type Ports,
  Type,
  table,
} from "../../engine/node-type.ts";

const scalars = [
  "bool",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "float32",
  "float64",
  "utf8",
] as const;
type Scalar = (typeof scalars)[number];

const isScalar = (name: string): name is Scalar => (scalars as readonly string[]).includes(name);

/** Reads `float64`, `utf8?` (nullable), `float32[16,16]` (fixed size) or `list<float32>`. */
export function parseColumnType(text: string): ColumnType | undefined {
  const match = /^(?:list<(\w+)>|(\w+)(?:\[([\d, ]+)\])?(\?)?)$/.exec(text.trim());
  if (!match) return undefined;
  const [, listItem, name, sizes, nullable] = match;
  if (listItem !== undefined) {
    if (!isScalar(listItem) || listItem === "bool" || listItem === "int64") return undefined;
    return { type: "list", item: listItem };
  }
  if (name === undefined || !isScalar(name)) return undefined;
  if (sizes === undefined) return nullable ? { type: name, nullable: true } : { type: name };
  if (name === "utf8" || name === "int64" || nullable) return undefined;
  const shape = sizes.split(",").map(Number);
  const size = shape.reduce((a, b) => a * b, 1);
  if (!Number.isInteger(size) || size < 1) return undefined;
  return { type: "fixed_size_list", item: name, size, ...(shape.length > 1 ? { shape } : {}) };
}

function portsOf(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>): Ports {
  const ports = Object.entries(outputs).map(([port, declared]) => {
    const columns = Object.entries(declared).map(([column, text]): [string, ColumnType] => {
      const type = parseColumnType(text);
      if (type) return [column, type];
      throw new InvalidParam(
        `outputs.${port}.${column}`,
        `unknown column type ${JSON.stringify(text)}; write float64, utf8?, float32[16,16] or list<float32>`,
      );
    });
    return [port, table(Object.fromEntries(columns) as Columns)] as const;
  });
  return Object.fromEntries(ports);
}

/** A port is a file's name. */
const fitsFile = (port: string) => /^\w[\w.-]*$/.test(port);
const portAdvice = "is no port name: write letters, digits, _, - and .";

/**
 * Every file has a place of its own in the folder, under the name by which argv can call it; so
 * have the inputs and the outputs.
 */
function checkPlaces(
  files: readonly { readonly name: string }[],
  inputs: readonly string[],
  outputs: readonly string[],
): void {
  const taken = new Map<string, string>();
  for (const port of inputs) {
    if (!fitsFile(port)) throw new InvalidInput(port, portAdvice);
    taken.set(`inputs/${port}.arrow`, `the input ${JSON.stringify(port)}`);
  }
  for (const port of outputs) {
    if (!fitsFile(port)) throw new InvalidParam(`outputs.${port}`, portAdvice);
    taken.set(`outputs/${port}.arrow`, `the output ${JSON.stringify(port)}`);
  }
  for (const [i, { name }] of files.entries()) {
    const inside = placeOf(name);
    if (inside === undefined) {
      throw new InvalidParam(
        `files.${i}`,
        `${JSON.stringify(name)} lies outside the folder of the pipeline file, so its copy would lie outside the folder that the program starts in`,
      );
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

/** `./a/../x.py` → `x.py`; undefined for what lies outside, or is the folder itself. */
function placeOf(name: string): string | undefined {
  if (/^([/\\]|[A-Za-z]:)/.test(name)) return undefined;
  const steps: string[] = [];
  for (const step of name.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.length > 0 ? steps.join("/") : undefined;
}

const argv = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description });

/** A program says who it is at once. */
const identifyMs = 30_000;

export const command = defineNode({
  type: "command",
  version: 1,
  summary: "Runs a program on Arrow files.",
  details: `
The program starts in a fresh folder that holds copies of \`files\` and one Arrow IPC file for each
input, \`inputs/<port>.arrow\`. It writes \`outputs/<port>.arrow\` (LZ4 or ZSTD compression is fine)
for each declared output. Its environment holds PATH, HOME, LANG and \`env\`, nothing else. The key
has argv as written, the files by relative name and content, the outputs, \`env\`, and what
\`identify\` prints in the folder of the pipeline file.`,
  params: Type.Object(
    {
      argv: argv("The program and its arguments."),
      files: Type.Array(File({ named: true }), {
        default: [],
        description:
          "Files that the program needs, in the pipeline file's folder or below, relative to it.",
      }),
      outputs: Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), {
        description: "Columns of each output: float64, utf8?, float32[16,16], list<float32>, ….",
        minProperties: 1,
      }),
      env: Type.Record(Type.String(), Type.String(), {
        default: {},
        description: "Environment variables, by name.",
      }),
      identify: Type.Optional(
        argv("A program whose output enters the key, such as [python3, --version]."),
      ),
    },
    { additionalProperties: false },
  ),
  inputs: {},
  moreInputs: table({}),
  outputs({ files, outputs }, inputs) {
    checkPlaces(files, Object.keys(inputs), Object.keys(outputs));
    return portsOf(outputs);
  },
  isolation: "process",

  async identify({ identify }, folder) {
    if (!identify) return "";
    const { execFile } = await import("node:child_process");
    const { promisify } = await import("node:util");
    try {
      const { stdout, stderr } = await promisify(execFile)(identify[0]!, identify.slice(1), {
        cwd: folder,
        timeout: identifyMs,
      });
      return `${stdout}${stderr}`.trim();
    } catch (error) {
      const { message, killed } = error as Error & { killed?: boolean };
      const [line] = message.split("\n");
      const failure = killed ? `took longer than ${identifyMs / 1000} s` : `failed: ${line}`;
      throw new InvalidParam("identify", `${JSON.stringify(identify.join(" "))} ${failure}`);
    }
  },

  async run({ params, moreInputs, outputs, log, signal }) {
    const { mkdtemp, mkdir, readFile, rm, writeFile } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const { dirname, join } = await import("node:path");
    const folder = await mkdtemp(join(tmpdir(), "blockspin-command-"));
    try {
      await mkdir(join(folder, "inputs"));
      await mkdir(join(folder, "outputs"));
      for (const { name, bytes } of params.files) {
        const inside = join(folder, placeOf(name)!);
        await mkdir(dirname(inside), { recursive: true });
        await writeFile(inside, bytes);
      }
      for (const [port, input] of Object.entries(moreInputs)) {
        await writeFile(join(folder, "inputs", `${port}.arrow`), await input.arrow());
      }
      await runProgram(params.argv, { folder, env: params.env, log, signal });
      const result: Record<string, Output> = {};
      for (const port of Object.keys(outputs)) {
        const path = join(folder, "outputs", `${port}.arrow`);
        const arrow = await readFile(path).catch(() => undefined);
        if (!arrow) throw new ActionError(`${params.argv[0]} wrote no outputs/${port}.arrow`);
        result[port] = { arrow };
      }
      return result;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** What a program printed may still be on its way when it has ended. */
const drainMs = 500;

async function runProgram(
  [program, ...args]: readonly string[],
  options: {
    folder: string;
    env: Readonly<Record<string, string>>;
    log(line: string): void;
    signal: AbortSignal;
  },
): Promise<void> {
  const { spawn } = await import("node:child_process");
  const { createInterface } = await import("node:readline");
  const { setTimeout } = await import("node:timers/promises");
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program!, args, {
    cwd: options.folder,
    env: { PATH, HOME, LANG: "C.UTF-8", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    signal: options.signal,
  });
  let last = "";
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      if (stream === child.stderr && line.trim() !== "") last = line;
      options.log(line);
    }
  });
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(`cannot start ${program}: ${error.message}`));
    child.once("exit", (code, killed) => {
      if (killed) resolve(`${program} was killed by ${killed}`);
      else resolve(code === 0 ? undefined : `${program} ended with exit code ${code}`);
    });
  });
  // A program may leave children that hold its pipes open: what they still print does not matter.
  await Promise.race([Promise.all(reading), setTimeout(drainMs, undefined, { ref: false })]);
  if (failure !== undefined) {
    throw new ActionError(last === "" ? failure : `${failure}: ${last.slice(0, 500)}`);
  }
}
