/**
 * `command`: runs any program. Its inputs lie as uncompressed Arrow files in `inputs/`, its outputs
 * are read from `outputs/`. Knows nothing of what the program does.
 */
import {
  ActionError,
  type Columns,
  type ColumnType,
  defineNode,
  Files,
  InvalidParam,
  type Output,
  type Ports,
  Text,
  Type,
  table,
} from "../../engine/node-type.ts";
import { parseType } from "../../table/type-text.ts";
import { nothingAt } from "./advice.ts";
import { checkPlaces, checkTexts, fileOf, isGiven, placeOf } from "./checks.ts";
import { type PictureType, pictureColumns, readPicture } from "./picture.ts";

/** What a stage says of an output: its columns, or that it is a picture. */
type Declared = Readonly<Record<string, string>> | PictureType;

function portsOf(outputs: Readonly<Record<string, Declared>>): Ports {
  const ports = Object.entries(outputs).map(([port, declared]) => {
    if (typeof declared === "string") return [port, table(pictureColumns)] as const;
    const columns = Object.entries(declared).map(([column, text]): [string, ColumnType] => {
      if (column === "" || column === "__proto__") {
        throw new InvalidParam(
          `outputs.${port}`,
          `no column can be called ${JSON.stringify(column)}`,
        );
      }
      const type = parseType(text);
      if (type) return [column, type];
      throw new InvalidParam(
        `outputs.${port}.${column}`,
        `unknown column type ${JSON.stringify(text)}; write float64, utf8?, float32[16,16] or list<float32>`,
      );
    });
    if (columns.length === 0) throw new InvalidParam(`outputs.${port}`, "has no columns");
    return [port, table(Object.fromEntries(columns) as Columns)] as const;
  });
  return Object.fromEntries(ports);
}

const argv = (description: string) => Type.Array(Text(), { minItems: 1, description });

/** How many files are named that no output is declared for. */
const namesShown = 20;

/** A program says who it is at once. */
const identifyMs = 30_000;

export const command = defineNode({
  type: "command",
  version: 1,
  summary: "Runs a program on Arrow files.",
  details: `
The program starts in a fresh folder that holds copies of \`files\` and one Arrow IPC file for each
input, \`inputs/<port>.arrow\`. It writes \`outputs/<port>.arrow\` (LZ4 or ZSTD compression is fine)
for each declared output; further columns and files are left out, with a warning. Its environment holds
PATH, HOME, LANG and \`env\`, nothing else. The key has argv, the files by name, content and whether
they may be run, the outputs, \`env\`, and what \`identify\` prints in the folder of the pipeline file.

\`files\` are named relative to the pipeline file and lie inside the project. A folder stands for all
files in it and below, a pattern (\`lib/*.py\`, \`lib/**\`) for those that it matches; hidden files,
\`__pycache__\` and stores are left out. Each lies under its name in the program's folder, those from
above the pipeline's folder without the \`../\` in front: \`../lib/x.py\` is \`lib/x.py\`.

An output that is declared as \`png\` or \`svg\` is a picture, \`outputs/<port>.png\`, of 8 MiB at most. It
is kept as one row of \`media_type\` and \`bytes\`; \`figures: { name: { data: stage.port, image: true } }\`
shows it.

A number or a truth value in \`argv\`, \`identify\` and \`env\` stands for its text in JSON: 1.0 and 1 are
\`1\`, 1e-3 is \`0.001\`. Quote what is to stay as it is written.`,
  notes: { "*": { "*": "What the stage declares, as the program writes it." } },
  typical: {
    params: {
      argv: ["python3", "means.py"],
      outputs: { means: { beta: "float64", energy: "float64" } },
    },
    depends: "A port for each of `outputs`, with the columns that are written there.",
  },
  params: Type.Object(
    {
      argv: argv("The program and its arguments."),
      files: Files({ default: [], description: "Files that the program needs" }),
      outputs: Type.Record(
        Type.String(),
        Type.Union([
          Type.Record(Type.String(), Type.String()),
          Type.Literal("png"),
          Type.Literal("svg"),
        ]),
        {
          description:
            "Columns of each output: float64, utf8?, float32[16,16], list<float32>, …; or png or svg for a picture.",
          minProperties: 1,
        },
      ),
      env: Type.Record(Type.String(), Text(), {
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
  outputs({ argv, files, outputs, env, identify }, inputs) {
    checkPlaces(files, Object.keys(inputs), outputs);
    checkTexts({ argv, env, identify });
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
        killSignal: "SIGKILL",
      });
      return `${stdout}${stderr}`.trim();
    } catch (error) {
      const { message, killed } = error as Error & { killed?: boolean };
      const [line] = message.split("\n");
      const failure = killed ? `took longer than ${identifyMs / 1000} s` : `failed: ${line}`;
      throw new InvalidParam("identify", `${JSON.stringify(identify.join(" "))} ${failure}`);
    }
  },

  async run({ params, moreInputs, outputs, log, warn, signal }) {
    const { mkdtemp, mkdir, readdir, readFile, rm, stat, writeFile } = await import(
      "node:fs/promises"
    );
    const { tmpdir } = await import("node:os");
    const { dirname, join } = await import("node:path");
    const folder = await mkdtemp(join(tmpdir(), "blockspin-command-"));
    try {
      await mkdir(join(folder, "inputs"));
      await mkdir(join(folder, "outputs"));
      for (const { name, bytes, executable } of params.files) {
        const inside = join(folder, placeOf(name)!);
        await mkdir(dirname(inside), { recursive: true });
        await writeFile(inside, bytes, { mode: executable ? 0o755 : 0o644 });
      }
      for (const [port, input] of Object.entries(moreInputs)) {
        await writeFile(join(folder, "inputs", `${port}.arrow`), await input.arrow());
      }
      const { runProgram } = await import("./run.ts");
      await runProgram(params.argv, { folder, env: params.env, log, signal });
      const result: [string, Output][] = [];
      const given = params.files.map(({ name }) => placeOf(name)!);
      const written = await readdir(join(folder, "outputs")).catch(() => []);
      const strangers = new Set(written.filter((name) => !isGiven(`outputs/${name}`, given)));
      for (const port of Object.keys(outputs)) {
        const declared = params.outputs[port]!;
        const name = fileOf(port, declared);
        const path = join(folder, "outputs", name);
        // A pipe or a device has no end.
        const size = await stat(path).then(
          (it) => (it.isFile() ? it.size : undefined),
          () => undefined,
        );
        if (size === undefined) {
          throw new ActionError(nothingAt(name, params.argv[0]!, [...strangers]));
        }
        if (typeof declared === "string") {
          result.push([port, await readPicture(path, size, declared, `outputs/${name}`)]);
        } else result.push([port, { arrow: await readFile(path) }]);
        strangers.delete(name);
      }
      if (strangers.size > 0) {
        const names = [...strangers].sort().map((name) => JSON.stringify(`outputs/${name}`));
        const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : "";
        const shown = names.slice(0, namesShown).join(", ");
        warn("undeclared-output", `left out what no output is declared for: ${shown}${more}`);
      }
      return Object.fromEntries(result);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});
