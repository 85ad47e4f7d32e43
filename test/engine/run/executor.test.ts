/** What is kept of a failure: enough for a person, whatever a node threw. */
import { expect, test } from "vitest";
import { ActionError } from "../../../src/engine/node-type.ts";
import { toFailure } from "../../../src/engine/run/executor.ts";

test("a failure quotes the start of a long message, not all of it", () => {
  const long = "7".repeat(3_000_000);
  for (const thrown of [new Error(long), new ActionError(long), long]) {
    const { message, detail = "" } = toFailure(thrown);
    expect(message).toMatch(/^(threw )?777.*… \(\d+ more characters\)$/);
    expect(message.length + detail.length).toBeLessThan(20_000);
  }
});
