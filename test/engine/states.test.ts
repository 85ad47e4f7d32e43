import { expect, test } from "vitest";
import { countFinal, countPlanned, shownState } from "../../src/engine/states.ts";

test("a cached result that was accepted is shown as such; one that runs again is not", () => {
  const accepted = { accepted: { reason: "only comments changed" } };
  expect(shownState({ state: "cached", record: accepted })).toBe("accepted");
  expect(shownState({ state: "run", record: accepted })).toBe("run");
  expect(shownState({ state: "cached", record: {} })).toBe("cached");
  expect(shownState({ state: "unknown", record: undefined })).toBe("unknown");
});

test("every state is counted, also at none", () => {
  expect(countFinal(["ran", "skipped", "ran"])).toEqual({
    ran: 2,
    cached: 0,
    failed: 0,
    skipped: 1,
  });
  expect(countPlanned(["unknown"])).toEqual({ cached: 0, run: 0, unknown: 1 });
});
