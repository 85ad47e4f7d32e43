/** Commands in hints: a shell reads them as they are meant. */
import { expect, test, vi } from "vitest";
import { runCommand } from "../../../src/cli/print/command.ts";

test("runCommand() quotes what a shell would read in another way", () => {
  expect(runCommand("p.yaml", ["size=8"], "--ablation", "short")).toBe(
    "blockspin run p.yaml --set size=8 --ablation short",
  );
  expect(runCommand("my p.yaml", ["note=it's"], "--only", "a[i=1]")).toBe(
    "blockspin run 'my p.yaml' --set 'note=it'\\''s' --only 'a[i=1]'",
  );
});

test("where npm started it, the command begins with npx", () => {
  vi.stubEnv("npm_command", "exec");
  expect(runCommand("a.yaml")).toBe("npx blockspin run a.yaml");
  vi.unstubAllEnvs();
  expect(runCommand("a.yaml")).toBe("blockspin run a.yaml");
});
