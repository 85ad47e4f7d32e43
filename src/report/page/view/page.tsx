/** The page: its sections in order. Draws what the model says, and knows nothing else. */
import type { Page } from "../model.ts";
import { AblationsView } from "./ablations.tsx";
import { Answer } from "./answer.tsx";
import { Claims } from "./claims.tsx";
import { Figures, OneFigure } from "./figures.tsx";
import { GraphView, Stages } from "./graph.tsx";
import { Header } from "./header.tsx";
import { Problems } from "./problems.tsx";
import { Provenance } from "./provenance.tsx";
import { StagePanel } from "./stage.tsx";
import { Results } from "./table.tsx";
import { TimeView } from "./time.tsx";

interface Part {
  readonly name: string;
  readonly view: (props: { page: Page }) => preact.ComponentChildren;
}

interface Section extends Part {
  /** In the list of sections; undefined for what stands at the top. */
  readonly title: string | undefined;
  readonly there: (page: Page) => boolean;
  /** Only parts of it change while a run goes on, each in a place of its own. */
  readonly fixed?: boolean;
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
  {
    name: "figures",
    title: "Figures",
    there: ({ figures }) => figures.length > 0,
    fixed: true,
    view: Figures,
  },
  { name: "results", title: "Results", there: ({ results }) => results.length > 0, view: Results },
  {
    name: "ablations",
    title: "Ablations",
    there: ({ ablations }) => ablations !== undefined,
    view: AblationsView,
  },
  { name: "graph", title: "Graph", there: always, fixed: true, view: GraphView },
  {
    name: "time",
    title: "Time",
    there: ({ time }) => time.stages.some(({ computed, cached }) => computed + cached > 0),
    view: TimeView,
  },
  { name: "provenance", title: "Provenance", there: always, view: Provenance },
];

/** The parts of the sections that are fixed. */
export function innerParts({ figures, stages }: Page): Part[] {
  return [
    { name: "drawing", view: Stages },
    ...stages.map((_, i) => ({
      name: `panel-${i}`,
      view: ({ page }: { page: Page }) => <StagePanel stage={page.stages[i]!} />,
    })),
    ...figures.map(({ id }, i) => ({
      name: id,
      view: ({ page }: { page: Page }) => <OneFigure figure={page.figures[i]!} />,
    })),
  ];
}

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
