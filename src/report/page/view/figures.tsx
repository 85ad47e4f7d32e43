/** The figures, each with what it is drawn from. */
import type { Figure, Page } from "../model.ts";

export function Figures({ page }: { page: Page }) {
  if (page.figures.length === 0) return null;
  return (
    <section id="figures" aria-labelledby="figures-title">
      <h2 id="figures-title">Figures</h2>
      <div class="figures">
        {page.figures.map((figure) => (
          <One key={figure.id} figure={figure} />
        ))}
      </div>
    </section>
  );
}

function One({ figure: { id, title, text, stages, drawn } }: { figure: Figure }) {
  return (
    <figure id={id}>
      {"svg" in drawn ? (
        <div class="drawing" role="img" aria-label={title} data-figure={id}>
          <div dangerouslySetInnerHTML={{ __html: drawn.svg }} />
        </div>
      ) : (
        <p class="warn">○ {drawn.missing}</p>
      )}
      <figcaption>
        <b>{title}</b> {text}{" "}
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
