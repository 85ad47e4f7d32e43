/** The servers that a remote may be, each with what can be wrong with it: they pass the same tests. */
import { describe } from "vitest";
import { FaultServer } from "./fault-server.ts";
import { startS3, swiftMissing } from "./swift.ts";

/** A kind of remote, as the tests call it. */
export type ServerKind = "http" | "s3";

/** Defines the same tests for each kind of server; those that cannot run here are skipped. */
export function describeServers(
  tests: (start: () => Promise<FaultServer>, kind: ServerKind) => void,
): void {
  describe("HTTP", () => tests(() => FaultServer.start(), "http"));
  describe.skipIf(swiftMissing)("S3", () => tests(() => startS3(), "s3"));
}
