/** Which errors count as expected, so that a person reads a message, and which as bugs with a stack. */
import { expect, test } from "vitest";
import { ActionError, InvalidInput, InvalidParam } from "../../../../src/engine/node-type.ts";
import { toFailure } from "../../../../src/engine/run/executors/executor.ts";
import { BackendError } from "../../../../src/learn/backend/backend.ts";
import { sha256 } from "../../../../src/store/digest.ts";
import { MissingObject, RecordLimit, StoreError } from "../../../../src/store/errors.ts";
import { SchemaMismatch, UnreadableArrow } from "../../../../src/table/errors.ts";

class Unlucky extends ActionError {}

test.each([
  [new ActionError("no luck"), "no luck"],
  [new Unlucky("no luck"), "no luck"],
  [new InvalidParam("betas.0", "must be small"), '"betas.0" must be small'],
  [new InvalidInput("x", "has no rows"), '"x" has no rows'],
  [new BackendError("does not load", undefined), "does not load"],
  [new RecordLimit("too long"), "too long"],
  [new SchemaMismatch("x", "is missing"), 'column "x": is missing'],
  [new UnreadableArrow("is cut off"), "is cut off"],
  [new StoreError("store-full", "/cache", "the store is full"), "the store is full"],
])("%s is reported without a stack", (error, message) => {
  expect(toFailure(error)).toEqual({ message });
});

test("a module's own copy of a class counts; a name alone does not", () => {
  class Copy extends Error {
    get [Symbol.for("blockspin.expected")]() {
      return this.message;
    }
  }
  expect(toFailure(new Copy("no luck"))).toEqual({ message: "no luck" });
  const named = Object.assign(new Error("no luck"), { name: "ActionError" });
  const { message, detail } = toFailure(named);
  expect(message).toBe("no luck");
  expect(named.stack).toContain(detail);
});

test("a stack ends with the user's code, and is whole where there is none", () => {
  const own = new URL("../../../../src/engine/run/perform.ts", import.meta.url).href;
  const head = "TypeError: no luck\n    at run (file:///home/mine.js:3:1)";
  const callers = `    at attempt (${own}:42:31)\n    at process (node:internal/process:95:5)`;
  const failureOf = (stack: string) => toFailure(Object.assign(new Error("no luck"), { stack }));
  expect(failureOf(`${head}\n${callers}`).detail).toBe(head);
  const kernel = `TypeError: no luck\n    at table (${own}:1:1)\n    at run (file:///home/mine.js:3:1)`;
  expect(failureOf(`${kernel}\n${callers}`).detail).toBe(kernel);
  expect(failureOf(`TypeError: no luck\n${callers}`).detail).toContain("node:internal");
});

test("a missing object is lost, and what is not an error is shown as it is", () => {
  const digest = sha256("");
  expect(toFailure(new MissingObject(digest, "absent"))).toMatchObject({ lost: digest });
  expect(toFailure("no luck")).toEqual({ message: "threw no luck" });
  expect(toFailure(undefined)).toEqual({ message: "threw undefined" });
});

test("a failure quotes the start of a long message, not all of it", () => {
  const long = "7".repeat(3_000_000);
  for (const thrown of [new Error(long), new ActionError(long), long]) {
    const { message, detail = "" } = toFailure(thrown);
    expect(message).toMatch(/^(threw )?777.*… \(\d+ more characters\)$/);
    expect(message.length + detail.length).toBeLessThan(20_000);
  }
});
