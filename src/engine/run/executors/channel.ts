/**
 * The messages between who gives an action and the process that performs it: JSON, a line each. Over
 * which streams they go is for both ends to say. Knows no process.
 */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Action, ActionHooks, ActionResult, Numbers } from "../action.ts";
import { ActionFailure, type Failure } from "./executor.ts";

/** What an action reports while it runs. */
export type Report =
  | {
      readonly kind: "progress";
      readonly fraction: number;
      readonly message: string | undefined;
      readonly numbers?: Numbers;
    }
  | { readonly kind: "log"; readonly line: string };

/** How an action ended. */
export type Outcome =
  | { readonly kind: "result"; readonly result: ActionResult }
  | { readonly kind: "failure"; readonly failure: Failure };

type Message = Report | Outcome;

/** The worker's end: what it sends through. The line has its line feed. */
export interface Sender {
  write(line: string): unknown;
}

export function send(to: Sender, message: Message): void {
  to.write(`${JSON.stringify(message)}\n`);
}

/** Gives an action to a worker. */
export function give(to: Sender, action: Action): void {
  to.write(`${JSON.stringify(action)}\n`);
}

/**
 * The action that a worker was given.
 *
 * @param orphaned - called when the stream closes after it: who gave the action is gone
 */
export function take(from: Readable, orphaned: () => void): Promise<Action> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: from });
    lines.once("line", (line) => {
      lines.once("close", orphaned);
      resolve(JSON.parse(line) as Action);
    });
    lines.once("close", () => reject(new Error("was given no action")));
  });
}

/** Passes reports on until the stream ends; undefined if the worker ended without an outcome. */
export async function receive(from: Readable, hooks: ActionHooks): Promise<Outcome | undefined> {
  let outcome: Outcome | undefined;
  for await (const line of createInterface({ input: from })) {
    const message = JSON.parse(line) as Message;
    if (message.kind === "result" || message.kind === "failure") outcome = message;
    else deliver(message, hooks);
  }
  return outcome;
}

export function deliver(report: Report, hooks: Pick<ActionHooks, "log" | "progress">): void {
  if (report.kind === "log") hooks.log(report.line);
  else hooks.progress(report.fraction, report.message, report.numbers);
}

/** The result, or a rejection with the failure. */
export function settle(outcome: Outcome): ActionResult {
  if (outcome.kind === "result") return outcome.result;
  const { message, ...options } = outcome.failure;
  throw new ActionFailure(message, options);
}
