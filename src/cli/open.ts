/** Opens the pipeline that a command was given, and prints its warnings. */
import { type Opened, openPipeline, renderDiagnostic } from "../index.ts";

export interface CommonOptions {
  readonly set?: string[];
  readonly cache?: string;
  readonly backend?: "wasm" | "tensorflow" | "auto";
  readonly json?: boolean;
}

export async function open(file: string, options: CommonOptions): Promise<Opened> {
  const opened = await openPipeline(file, {
    ...(options.set ? { set: options.set } : {}),
    ...(options.cache ? { cache: options.cache } : {}),
    ...(options.backend ? { backend: options.backend } : {}),
  });
  for (const warning of opened.warnings) process.stderr.write(`${renderDiagnostic(warning)}\n`);
  return opened;
}
