import { expect, test } from "vitest";
import { ThreadExecutor } from "../../../../dist/engine/run/executors/thread.js";

const hooks = { signal: new AbortController().signal, progress() {}, log() {} };

test("workers that die before they are ready fail what waits for them", async () => {
  const executor = new ThreadExecutor(2);
  const execute = () => executor.execute({} as never, 1, hooks);
  const results = await Promise.allSettled([execute(), execute()]);
  for (const result of results) {
    expect(result).toMatchObject({
      reason: { name: "ActionFailure", message: expect.stringMatching(/heap of 1 MiB; raise/) },
    });
  }
  // Nor does the next task wait for the pool that died.
  await expect(execute()).rejects.toThrow("heap of 1 MiB");
  await executor.close();
});
