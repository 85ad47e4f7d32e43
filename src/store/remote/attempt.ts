/** One try of a request, which ends when the remote is silent or slow. Knows no retries. */
import { type Call, RemoteFailure } from "./transport.ts";

/** A slower transfer is given up. Bytes per second. */
const RATE_MIN = 16 * 1024;

export interface Transfer {
  /** Expected bytes; 0 for a question or a record. */
  readonly size: number;
  readonly upload?: boolean;
}

/** @param timeout - seconds without an answer, or without a further byte of it */
export async function attempt<T>(
  { size, upload }: Transfer,
  timeout: number,
  signal: AbortSignal,
  action: (call: Call) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const endWith = (problem: string, seconds: number) =>
    setTimeout(() => end.abort(new RemoteFailure("transient", problem)), seconds * 1000);
  const silent = (seconds: number) => endWith(`gave no answer for ${timeout} s`, seconds);
  const stop = () => end.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  // While bytes are sent, nothing comes back.
  let silence = silent(timeout + (upload ? size / RATE_MIN : 0));
  const slowness = endWith("is too slow", 2 * timeout + size / RATE_MIN);
  const alive = () => {
    clearTimeout(silence);
    silence = silent(timeout);
  };
  try {
    return await action({ signal: end.signal, alive });
  } finally {
    clearTimeout(silence);
    clearTimeout(slowness);
    signal.removeEventListener("abort", stop);
  }
}
