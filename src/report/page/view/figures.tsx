/** The figures, each with what it is drawn from. */
import { plural } from "../../../text/plural.ts";
import type { Figure, Page } from "../model.ts";

export function Figures({ page }: { page: Page }) {
  if (page.figures.length === 0) return null;
  return (
    <section id="figures" aria-labelledby="figures-title">
      <h2 id="figures-title">Figures</h2>
      <Some figures={page.figures.filter(({ own }) => own)} />
      <Folded figures={page.figures.filter(({ own }) => !own)} open={!page.figures[0]!.own} />
    </section>
  );
}

function Some({ figures }: Pick<Page, "figures">) {
  return (
    <div class="figures">
      {figures.map((figure) => (
        <div key={figure.id} data-section={figure.id}>
          <OneFigure figure={figure} />
        </div>
      ))}
    </div>
  );
}

/** What node types draw of each stage: a look behind the pipeline's own figures. */
function Folded({ figures, open }: Pick<Page, "figures"> & { open: boolean }) {
  if (figures.length === 0) return null;
  return (
    <details open={open}>
      <summary>{plural(figures.length, "figure")} of single stages</summary>
      <Some figures={figures} />
    </details>
  );
}

export function OneFigure({ figure: { id, title, text, stages, drawn } }: { figure: Figure }) {
  return (
    <figure id={id}>
      {"svg" in drawn ? (
        <div class="drawing" data-figure={id}>
          <div dangerouslySetInnerHTML={{ __html: drawn.svg }} />
        </div>
      ) : (
        <p class="warn">○ {drawn.missing}</p>
      )}
      <figcaption>
        <b>{title}</b> {text}{" "}
        {"svg" in drawn && drawn.notes.length > 0 && <small>({drawn.notes.join("; ")}) </small>}
        <small>
          from{" "}
          {stages.map((stage, i) => (
            <span key={stage}>
              {i > 0 && ", "}
              <a href={`#stage-${stage}`} data-stage={stage}>
                {stage}
              </a>
            </span>
          ))}
        </small>{" "}
        {"svg" in drawn && (
          <span class="script-only">
            <button type="button" class="link" data-save="svg" data-of={id}>
              SVG
            </button>{" "}
            <button type="button" class="link" data-save="png" data-of={id}>
              PNG
            </button>
          </span>
        )}
      </figcaption>
    </figure>
  );
}
