/** What is said of a remote whose records are not trusted. */
import { expect, test } from "vitest";
import { sharedLines } from "../../../src/cli/print/shared.ts";

const nothing = { records: 0, objects: 0, bytes: 0 };
const of = (strangers: { key: string; name: string }[]) => ({
  ...{ remote: "lab", pulled: nothing, pushed: nothing, waiting: 0, strangers },
  ignored: { unsigned: 0, unknown: 3, damaged: 0 },
});

test("the line of the configuration that trusts a signer is there to copy", () => {
  expect(sharedLines(of([{ key: "ed25519:abc", name: "Alice" }]), [])).toEqual([
    "remote lab: ignored 3 signed by keys that are not trusted",
    "  = if you know the signer and trust the key, write in blockspin.config.yaml:",
    "    trust:",
    "      alice: ed25519:abc",
  ]);
});

test("a name that is not a key of YAML is left out, and many signers are counted", () => {
  const strangers = Array.from({ length: 7 }, (_, i) => ({ key: `ed25519:${i}`, name: "a: b" }));
  const lines = sharedLines(of(strangers), []);
  expect(lines).toContain("      name: ed25519:4");
  expect(lines.at(-1)).toBe("    and 2 more");
});

test("where the remote lists whom it trusts, the name has to go there too", () => {
  const lab = { name: "lab", place: "/lab", push: false, timeout: 1, trust: ["bob"], settings: {} };
  const lines = sharedLines(of([{ key: "ed25519:abc", name: "Alice" }]), [lab]);
  expect(lines.at(-1)).toBe("    and the name in the list trust: of remotes: lab:");
});
