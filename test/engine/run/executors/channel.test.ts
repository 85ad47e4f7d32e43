/** The messages of a worker, over file descriptor 3 of a child and over a socket. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { executeInProcess } from "../../../../dist/engine/run/executors/process.js";
import type { Action, ActionHooks, ActionResult } from "../../../../src/engine/run/action.ts";
import { give, receive, send, settle, take } from "../../../../src/engine/run/executors/channel.ts";
import { probe as probeFile } from "../../../harness/space.ts";
import { Workshop } from "../../../harness/workshop.ts";

const worker = new URL("../../../../dist/engine/run/executors/process-worker.js", import.meta.url);

/** The code of a process that performs one action for whoever listens at a socket. */
const dialler = (path: string) => `
  import { connect } from "node:net";
  import { exec } from ${JSON.stringify(worker.href)};
  const socket = connect(${JSON.stringify(path)});
  await exec({ from: socket, to: socket, orphaned() {} });
  socket.end();
`;

async function overSocket(action: Action, hooks: ActionHooks): Promise<ActionResult> {
  const path = join(action.store, "worker.sock");
  const server = createServer().listen(path);
  await once(server, "listening");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", dialler(path)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    const [socket] = (await once(server, "connection")) as [Socket];
    give(socket, action);
    const outcome = await receive(socket, hooks);
    return settle(outcome!);
  } finally {
    child.kill();
    server.close();
  }
}

const overPipe = (action: Action, hooks: ActionHooks): Promise<ActionResult> =>
  executeInProcess(action, undefined, hooks);

const probe = (await import(pathToFileURL(probeFile).href)).probe;

test.each([
  ["a socket", overSocket],
  ["file descriptor 3", overPipe],
])("an action is performed over %s", async (_, execute) => {
  using workshop = new Workshop(probe);
  const { record } = await workshop.make({ params: { a: 1 } });
  const job = await workshop.job({ params: { a: 1 } });
  const lines: string[] = [];
  const hooks = {
    progress: () => {},
    log: (line: string) => void lines.push(line),
    signal: new AbortController().signal,
  };
  const action = { ...job.action, module: pathToFileURL(probeFile).href };
  const result = await execute({ ...action, prefixes: [], publishEvery: 60 }, hooks);
  expect(result.outputs).toEqual(record.outputs);
  const wrong = { ...action, preimage: { ...action.preimage, node: "unheard-of" } };
  await expect(execute({ ...wrong, prefixes: [], publishEvery: 60 }, hooks)).rejects.toMatchObject({
    name: "ActionFailure",
    message: expect.stringContaining('exports no node type "unheard-of"'),
    detail: expect.stringContaining("loadNode"),
  });
});

test("reports go on as they come, and a worker that says no more has no outcome", async () => {
  const stream = new PassThrough();
  const seen: unknown[] = [];
  const hooks = {
    progress: (...progress: unknown[]) => void seen.push(progress),
    log: (line: string) => void seen.push(line),
    signal: new AbortController().signal,
  };
  const received = receive(stream, hooks);
  send(stream, { kind: "progress", fraction: 0.5, message: "half" });
  send(stream, { kind: "progress", fraction: 1, message: undefined, numbers: { loss: 2 } });
  send(stream, { kind: "log", line: "a\nb" });
  stream.end();
  expect(await received).toBeUndefined();
  expect(seen).toEqual([[0.5, "half", undefined], [1, undefined, { loss: 2 }], "a\nb"]);
});

test("a worker learns that who gave the action is gone", async () => {
  const stream = new PassThrough();
  let gone = false;
  const taken = take(stream, () => {
    gone = true;
  });
  give(stream, { id: "a" } as Action);
  expect(await taken).toEqual({ id: "a" });
  expect(gone).toBe(false);
  stream.end();
  await expect.poll(() => gone).toBe(true);
  const empty = new PassThrough();
  const nothing = take(empty, () => {});
  empty.end();
  await expect(nothing).rejects.toThrow("was given no action");
});
