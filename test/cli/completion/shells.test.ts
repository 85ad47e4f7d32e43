/** The scripts in the shells that they are for; each is skipped where the shell is missing. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { hasPty } from "../../harness/pty.ts";
import { main, Space } from "../../harness/space.ts";

const typist = fileURLToPath(new URL("../../fixtures/type-in-shell.py", import.meta.url));
const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

const yaml = `blockspin: 1
name: test
stages:
  lattices:
    node: ising-sampler
    for: { seed: [1, 2] }
    with: { size: 4, betas: [0.4], samples: 2, seed: "\${seed}" }
`;

/** A folder with a pipeline, and `blockspin` on the PATH. */
function folder(): { space: Space; env: Record<string, string> } {
  const space = new Space();
  space.write("my-pipeline.yaml", yaml);
  space.write("my-notes.txt", "");
  mkdirSync(space.path("bin"));
  symlinkSync(main, space.path("bin/blockspin"));
  const PATH = `${space.path("bin")}:${process.env["PATH"]}`;
  return { space, env: { PATH, HOME: space.folder, TERM: "xterm", PS1: "> " } };
}

/** Types a line; returns what is shown once \`end\` is. */
function typed(shell: "bash" | "zsh", line: string, end: string): string {
  const { space, env } = folder();
  using _ = space;
  const [setup, ...call] = {
    bash: ['eval "$(blockspin completion bash)"', "bash", "--norc", "--noprofile", "-i"],
    zsh: [
      'autoload -U compinit; compinit -u; eval "$(blockspin completion zsh)"',
      ...["zsh", "-f", "-i"],
    ],
  }[shell];
  const args = [typist, end, line, setup!, ...call];
  const shown = execFileSync("python3", args, { cwd: space.folder, env, encoding: "utf8" });
  return stripVTControlCharacters(shown);
}

const lines: [string, string, string][] = [
  ["a command", "blockspin gra\t", "blockspin graph"],
  ["a pipeline file", "blockspin run my\t", "my-pipeline.yaml"],
  ["an option", "blockspin graph --form\t", "--format"],
  ["the value of an option", "blockspin graph x --format me\t", "mermaid"],
  ["a value after =", "blockspin graph --format=me\t", "--format=mermaid"],
  ["a stage", "blockspin show my-pipeline.yaml lat\t", "tices"],
  ["an axis in quotes", "blockspin show my-pipeline.yaml 'lattices[se\t", "'lattices[seed="],
];

test.runIf(has("bash") && hasPty).each(lines)("bash completes %s", (_, line, end) => {
  expect(typed("bash", line, end)).toContain(end);
});

test.runIf(has("zsh") && hasPty).each(lines)("zsh completes %s", (_, line, end) => {
  expect(typed("zsh", line, end)).toContain(end);
});

test.runIf(has("bash") && hasPty)("bash completes an axis without quotes", () => {
  const line = "blockspin show my-pipeline.yaml lattices[se\t";
  expect(typed("bash", line, "lattices[seed=")).toContain("lattices[seed=");
});

test.runIf(has("fish"))("fish completes commands, files, options, stages and axes", () => {
  const { space, env } = folder();
  using _ = space;
  const complete = (line: string) => {
    const code = `blockspin completion fish | source; complete -C ${JSON.stringify(line)}`;
    const args = ["--no-config", "-c", code];
    return execFileSync("fish", args, { cwd: space.folder, env, encoding: "utf8" });
  };
  expect(complete("blockspin gra")).toBe("graph\tprint the stages and what they read\n");
  expect(complete("blockspin run my")).toBe("my-pipeline.yaml\n");
  expect(complete("blockspin graph --form")).toContain("--format\t");
  expect(complete("blockspin graph x --format me")).toBe("mermaid\n");
  expect(complete("blockspin show my-pipeline.yaml lat")).toContain("lattices\n");
  expect(complete("blockspin show my-pipeline.yaml 'lattices[seed=1")).toContain(
    "lattices[seed=1]",
  );
});
