/**
 * Draws a Vega-Lite specification as SVG, without a browser and without a network. Expressions are
 * interpreted and never become code. Knows nothing of where rows come from.
 */
import type { TopLevelSpec } from "vega-lite";
import type { Row } from "./rows.ts";
import { widthOf } from "./text-width.ts";

/** What Vega's types leave out. */
interface More {
  readonly textMetrics: object;
  setRandom(random: () => number): void;
  randomLCG(seed: number): () => number;
}

const refuse = async (uri: string): Promise<never> => {
  throw new Error(`a figure reads nothing from outside: ${uri}`);
};

/** Vega's modules wait for others when they are loaded, so only `import()` can load them. */
async function loadVega() {
  const vega = await import("vega");
  const more = vega as unknown as More;
  // Vega asks how wide a text is; without a canvas it takes all letters for equally wide.
  Object.assign(more.textMetrics, {
    width: (item: { text?: unknown; fontSize?: number }, text: unknown) =>
      widthOf(String(text ?? item.text ?? ""), item.fontSize ?? 11),
  });
  const loader = { ...vega.loader(), load: refuse, sanitize: refuse, http: refuse, file: refuse };
  const { compile } = await import("vega-lite");
  const { expressionInterpreter } = await import("vega-interpreter");
  return { vega, more, loader, compile, expressionInterpreter };
}

let loaded: ReturnType<typeof loadVega> | undefined;

/** The name under which a specification finds its rows. */
const rowsName = "blockspin_rows";

export async function drawVega(
  spec: Readonly<Record<string, unknown>>,
  rows: readonly Row[],
): Promise<{ svg: string; warnings: readonly string[] }> {
  loaded ??= loadVega();
  const { vega, more, loader, compile, expressionInterpreter } = await loaded;
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
