/** What the page does when a person acts. Reads the page, and knows nothing of pipelines. */
import { saveFigure } from "./figures.ts";
import { follow } from "./live.ts";
import { closePanel, openPanel, stageIn } from "./stages.ts";
import { download, filter, restore, sort } from "./tables.ts";
import { startTheme } from "./theme.ts";

document.documentElement.classList.add("script");
startTheme();

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const has = (name: string) =>
    (event.target as Element).closest<HTMLElement | SVGElement>(`[data-${name}]`);
  const sorted = has("sort");
  if (sorted) sort(sorted);
  const csv = has("csv");
  if (csv) download(csv.dataset["csv"]!, csv.dataset["name"]!);
  const saved = has("save");
  if (saved) saveFigure(saved.dataset["of"]!, saved.dataset["save"]!);
  if (has("close")) closePanel();
  const stage = has("stage");
  if (stage && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openPanel(stage.dataset["stage"]!, stage);
  }
});

document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement && target.dataset["filter"]) filter(target);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
});

/** An address may hold anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A link to a record or a stage opens it. */
function arrive(): void {
  const name = decoded(location.hash.slice(1));
  const target = name === "" ? null : document.getElementById(name);
  for (let at = target?.closest("details"); at; at = at.parentElement?.closest("details")) {
    at.open = true;
  }
  const stage = stageIn(name);
  if (stage) openPanel(stage);
  else target?.scrollIntoView();
}
addEventListener("hashchange", arrive);
arrive();

if (document.documentElement.hasAttribute("data-live")) follow(restore);
