/** The stages as a diagram in Mermaid's or Graphviz's language. Names are data: they are escaped. */
import type { StageNode } from "./stages.ts";

type Written = (stages: readonly StageNode[], title: string) => string[];

export const diagrams = { mermaid: asMermaid, dot: asDot } satisfies Record<string, Written>;

function linesOf({ name, node, instances, axes, states }: StageNode): string[] {
  const product = Object.entries(axes).map(([axis, size]) => `${axis} ${size}`);
  return [
    instances > 1 ? `${name} x ${instances}` : name,
    ...(node === name ? [] : [node]),
    ...(product.length > 0 ? [product.join(", ")] : []),
    ...(states
      ? [
          Object.entries(states)
            .map(([state, n]) => `${n} ${state}`)
            .join(", "),
        ]
      : []),
  ];
}

/** Each pair of stages once, however many ports connect them. */
function arrowsOf(stages: readonly StageNode[]) {
  const numbers = new Map(stages.map(({ name }, i) => [name, i]));
  return stages.flatMap(({ inputs }, to) => {
    const sources = new Set(inputs.map(({ stage }) => stage));
    return [...sources].map((stage) => {
      const ports = inputs.filter((input) => input.stage === stage).map(({ port }) => port);
      return { from: numbers.get(stage)!, to, label: [...new Set(ports)].join(", ") };
    });
  });
}

function asMermaid(stages: readonly StageNode[]): string[] {
  const quote = (lines: readonly string[]) => `"${lines.map(mermaidText).join("<br/>")}"`;
  return [
    "flowchart TD",
    ...stages.map((stage, i) => {
      const [open, close] = stage.result ? ["([", "])"] : ["[", "]"];
      return `  s${i}${open}${quote(linesOf(stage))}${close}`;
    }),
    ...arrowsOf(stages).map(({ from, to, label }) => `  s${from} -->|${quote([label])}| s${to}`),
  ];
}

/** Mermaid's entities, for all that means something to it or to HTML. */
const mermaidText = (text: string) =>
  text.replaceAll(/[^\p{L}\p{N} ,._-]/gu, (char) => `#${char.codePointAt(0)};`);

function asDot(stages: readonly StageNode[], title: string): string[] {
  const quote = (lines: readonly string[]) => `"${lines.map(dotText).join("\\n")}"`;
  return [
    `digraph ${quote([title])} {`,
    "  node [shape=box, style=rounded];",
    ...stages.map((stage, i) => {
      const more = stage.result ? ", peripheries=2" : "";
      return `  s${i} [label=${quote(linesOf(stage))}${more}];`;
    }),
    ...arrowsOf(stages).map(
      ({ from, to, label }) => `  s${from} -> s${to} [label=${quote([label])}];`,
    ),
    "}",
  ];
}

const dotText = (text: string) => text.replaceAll(/[\\"]/g, "\\$&").replaceAll("\n", " ");
