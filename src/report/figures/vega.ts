/**
 * Draws a Vega-Lite specification as SVG, without a browser and without a network. Expressions are
 * interpreted and never become code. Knows nothing of where rows come from.
 */
import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Row } from "./rows.ts";
import { widthOf } from "./text-width.ts";

/** What Vega's types leave out. */
const more = vega as unknown as {
  textMetrics: object;
  setRandom(random: () => number): void;
  randomLCG(seed: number): () => number;
};

/** Vega asks how wide a text is; without a canvas it takes all letters for equally wide. */
Object.assign(more.textMetrics, {
  width: (item: { text?: unknown; fontSize?: number }, text: unknown) =>
    widthOf(String(text ?? item.text ?? ""), item.fontSize ?? 11),
});

const refuse = async (uri: string): Promise<never> => {
  throw new Error(`a figure reads nothing from outside: ${uri}`);
};
const loader = { ...vega.loader(), load: refuse, sanitize: refuse, http: refuse, file: refuse };

/** The name under which a specification finds its rows. */
const rowsName = "blockspin_rows";

export async function drawVega(
  spec: Readonly<Record<string, unknown>>,
  rows: readonly Row[],
): Promise<{ svg: string; warnings: readonly string[] }> {
  const warnings = new Set<string>();
  const warn = (...parts: readonly unknown[]) => {
    warnings.add(parts.map(String).join(" "));
    return logger;
  };
  const none = () => logger;
  const logger = { level: () => logger, error: warn, warn, info: none, debug: none };
  const whole = { ...spec, data: { name: rowsName } } as unknown as TopLevelSpec;
  const compiled = compile(whole, { logger: logger as never }).spec;
  const runtime = vega.parse(compiled, undefined, { ast: true } as never);
  const view = new vega.View(runtime, {
    ...{ renderer: "none", loader: loader as never, logger: logger as never },
    expr: expressionInterpreter as never,
  });
  // Intervals by bootstrap and samples are the same every time.
  more.setRandom(more.randomLCG(1));
  try {
    // Each view of a specification may have data of its own.
    const isRead = compiled.data?.some(({ name }) => name === rowsName);
    if (isRead) view.data(rowsName, [...rows]);
    const svg = await view.toSVG();
    return { svg, warnings: [...warnings] };
  } finally {
    view.finalize();
  }
}
