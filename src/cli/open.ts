/** Opens the pipeline that a command was given, and prints its warnings. */
import { ablationsIn, type Opened, openPipeline, renderDiagnostic } from "../index.ts";
import { err } from "./print/terminal.ts";

export interface CommonOptions {
  readonly set?: string[];
  readonly cache?: string;
  readonly backend?: "wasm" | "tensorflow" | "auto";
  readonly json?: boolean;
  /** Names, URLs or folders. */
  readonly remote?: readonly string[];
  readonly offline?: boolean;
  readonly push?: boolean;
}

export interface AblationOptions extends CommonOptions {
  readonly ablation?: readonly string[];
}

/**
 * @param patterns - ablations that they name are opened too
 * @param onRead - called with each file that is read
 */
export async function open(
  file: string,
  options: AblationOptions,
  patterns: readonly string[] = [],
  onRead?: (path: string) => void,
): Promise<Opened> {
  const opened = await openSilently(file, options, patterns, onRead);
  for (const warning of opened.warnings) err.text(renderDiagnostic(warning));
  return opened;
}

/** The same for a pipeline whose warnings were printed. */
export function openSilently(
  file: string,
  options: AblationOptions,
  patterns: readonly string[] = [],
  onRead?: (path: string) => void,
): Promise<Opened> {
  return openPipeline(file, {
    ...(onRead ? { onRead } : {}),
    ablations: [...(options.ablation ?? []), ...ablationsIn(patterns)],
    ...(options.set ? { set: options.set } : {}),
    ...(options.cache ? { cache: options.cache } : {}),
    ...(options.backend ? { backend: options.backend } : {}),
    sharing: { remotes: options.remote, offline: options.offline, push: options.push },
    onRemoteProblem: (message) => err.print(`warning[remote]: ${message}`),
    onDamage: (message) => err.print(`warning[damaged]: ${message}`),
  });
}
