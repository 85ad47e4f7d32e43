/** What a person sees who asks for help, or mistypes. */
import { expect, test } from "vitest";
import { Space } from "../harness/space.ts";

async function cli(...args: string[]) {
  using space = new Space();
  return await space.cli(args);
}

test.each([
  [["help", "run"], "Usage: blockspin run [options] <pipeline>\n"],
  [["run", "--help"], "Usage: blockspin run [options] <pipeline>\n"],
  [["help", "cache"], "Usage: blockspin cache [options] [command]\n"],
  [["help", "cache", "gc"], "Usage: blockspin cache gc [options]\n"],
  [["cache", "help", "gc"], "Usage: blockspin cache gc [options]\n"],
  [["help"], "Usage: blockspin [options] [command]\n"],
])("%j prints help to standard output", async (args, start) => {
  const { code, stdout, stderr } = await cli(...args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(start);
});

test.each([
  [["rnu", "p.yaml"], "unknown command 'rnu'\n(Did you mean run?)"],
  [["help", "nope"], "unknown command 'nope'\n(Did you mean nodes?)"],
  [["nope", "--help"], "unknown command 'nope'\n(Did you mean nodes?)"],
  [["help", "cache", "sats"], "unknown command 'sats'\n(Did you mean stats?)"],
  [["run", "--froze", "p.yaml"], "unknown option '--froze'\n(Did you mean --frozen?)"],
  [["run"], "missing required argument 'pipeline'"],
  [["why", "p.yaml"], "missing required argument 'pattern'"],
  [["run", "--set"], "option '--set <name=value>' argument missing"],
])("%j is an error with a way out", async (args, message) => {
  const { code, stdout, stderr } = await cli(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(`error: ${message}\n(add --help to see what there is)\n`);
});
