/** `blockspin graph`: the stages of a pipeline and what they read, as text or as a diagram. */
import { type Command, Option } from "commander";
import { planPipeline } from "../../index.ts";
import { type CommonOptions, open } from "../open.ts";
import { json, withPipeline } from "../options.ts";
import { out } from "../print/terminal.ts";
import { diagrams } from "./as-diagram.ts";
import { asText } from "./as-text.ts";
import { stagesOf } from "./stages.ts";

interface GraphFlags extends CommonOptions {
  readonly format: "text" | keyof typeof diagrams;
  readonly state?: boolean;
}

export function define(command: Command) {
  withPipeline(command)
    .addOption(
      new Option("--format <name>", "as text, for Mermaid, or for Graphviz")
        .choices(["text", ...Object.keys(diagrams)])
        .default("text"),
    )
    .option("--state", "add how many instances are cached, and how many would run")
    .addOption(json());
  return graph;
}

async function graph(file: string, options: GraphFlags): Promise<number> {
  const opened = await open(file, options);
  const plan = options.state ? (await planPipeline(opened)).plan : undefined;
  const stages = stagesOf(opened.graph, plan);
  if (options.json) out.json(stages.map((stage) => ({ ...stage, states: stage.states ?? null })));
  else if (options.format === "text") out.print(...asText(stages, Math.min(out.width ?? 80, 100)));
  else out.data(`${diagrams[options.format](stages, opened.graph.name).join("\n")}\n`);
  return 0;
}
