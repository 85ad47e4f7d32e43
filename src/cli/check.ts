/** `blockspin check`: prints every error and warning of a pipeline. */
import type { Command } from "commander";
import { InvalidPipeline, openPipeline, renderDiagnostic } from "../index.ts";
import type { CommonOptions } from "./open.ts";
import { json, withPipeline } from "./options.ts";
import { count } from "./print/shared.ts";
import { out } from "./print/terminal.ts";

export function define(command: Command) {
  withPipeline(command).addOption(json());
  return check;
}

async function check(file: string, options: CommonOptions): Promise<number> {
  const { json, ...rest } = options;
  try {
    const { pipeline, graph, warnings } = await openPipeline(file, { ...rest, ablations: ["all"] });
    if (json) out.json(warnings.map(plain));
    else {
      for (const warning of warnings) out.text(renderDiagnostic(warning));
      const own = graph.instances.filter(({ ablation }) => ablation === undefined);
      const stages = new Set(own.map(({ stage }) => stage)).size;
      const { length: ablations } = pipeline.ablations;
      const more = graph.instances.length - own.length;
      const found = `${count(stages, "stage")}, ${count(own.length, "instance")}`;
      const rest = ablations > 0 ? `, ${more} more in ${count(ablations, "ablation")}` : "";
      out.print(`${file}: ${found}${rest}, no errors`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof InvalidPipeline) || !json) throw error;
    out.json(error.diagnostics.map(plain));
    return 2;
  }
}

/** A diagnostic for an editor: lines and columns count from 1. */
function plain(diagnostic: InvalidPipeline["diagnostics"][number]) {
  const { severity, code, message, hint, span } = diagnostic;
  const before = span?.source.text.slice(0, span.start).split("\n");
  return {
    severity,
    code,
    message,
    hint: hint ?? null,
    path: span?.source.path ?? null,
    line: before?.length ?? null,
    column: before ? before.at(-1)!.length + 1 : null,
  };
}
