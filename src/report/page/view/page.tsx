/** The page: its sections in order. Draws what the model says, and knows nothing else. */
import type { Page } from "../model.ts";
import { AblationsView } from "./ablations.tsx";
import { Answer } from "./answer.tsx";
import { Claims } from "./claims.tsx";
import { Figures } from "./figures.tsx";
import { GraphView } from "./graph.tsx";
import { Header } from "./header.tsx";
import { Problems } from "./problems.tsx";
import { Provenance } from "./provenance.tsx";
import { Results } from "./table.tsx";
import { TimeView } from "./time.tsx";

/** What of a page a section reads; a live page draws a section again if this changed. */
export interface Section {
  readonly name: string;
  /** In the list of sections; undefined for what stands at the top. */
  readonly title: string | undefined;
  readonly there: (page: Page) => boolean;
  readonly view: (props: { page: Page }) => preact.ComponentChildren;
}

const always = () => true;

export const sections: readonly Section[] = [
  { name: "top", title: undefined, there: always, view: Header },
  { name: "answer", title: undefined, there: always, view: Answer },
  {
    name: "problems",
    title: "Problems",
    there: ({ state }) => state.failures.length + state.warnings.length > 0,
    view: Problems,
  },
  {
    name: "verdicts",
    title: "Verdicts",
    there: ({ conclusions }) => conclusions.length > 0,
    view: Claims,
  },
  { name: "figures", title: "Figures", there: ({ figures }) => figures.length > 0, view: Figures },
  { name: "results", title: "Results", there: ({ results }) => results.length > 0, view: Results },
  {
    name: "ablations",
    title: "Ablations",
    there: ({ ablations }) => ablations !== undefined,
    view: AblationsView,
  },
  { name: "graph", title: "Graph", there: always, view: GraphView },
  {
    name: "time",
    title: "Time",
    there: ({ time }) => time.stages.some(({ computed, cached }) => computed + cached > 0),
    view: TimeView,
  },
  { name: "provenance", title: "Provenance", there: always, view: Provenance },
];

export function Navigation({ page }: { page: Page }) {
  return (
    <nav aria-label="sections">
      <a href="#top">{page.pipeline}</a>
      {sections
        .filter(({ title, there }) => title !== undefined && there(page))
        .map(({ name, title }) => (
          <a key={name} href={`#${name}`}>
            {title}
          </a>
        ))}
      <button type="button" id="theme" class="script-only" aria-label="light or dark">
        ◐
      </button>
    </nav>
  );
}
