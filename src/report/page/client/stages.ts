/** The panel of a stage: opened from the graph, closed back to where it was opened. */

let opener: Element | undefined;

/** The stage that an anchor names, if there is a panel for it. */
export function stageIn(anchor: string): string | undefined {
  const name = anchor.startsWith("stage-") ? anchor.slice(6) : undefined;
  return name !== undefined && panelOf(name) ? name : undefined;
}

const panelOf = (name: string) => document.getElementById(`stage-${name}`);

export function openPanel(name: string, from?: Element): void {
  const panel = panelOf(name);
  if (!panel) return;
  // A link within a panel leads on; closing goes back to the graph.
  if (!from?.closest(".panel")) opener = from;
  show(name);
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

export function closePanel(): void {
  if (!document.querySelector(".panel.open")) return;
  show(undefined);
  if (opener instanceof SVGElement || opener instanceof HTMLElement) opener.focus();
}

/** Marks the panel, its box in the graph, and the lines that lead to and from it. */
export function show(name: string | undefined): void {
  for (const panel of document.querySelectorAll(".panel")) {
    panel.classList.toggle("open", panel.id === `stage-${name}`);
  }
  for (const node of document.querySelectorAll<SVGElement>(".node")) {
    if (node.dataset["stage"] === name) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
  for (const edge of document.querySelectorAll<SVGElement>(".edges path")) {
    const { from, to } = edge.dataset;
    edge.classList.toggle("lit", name !== undefined && (from === name || to === name));
  }
}

export function shownStage(): string | undefined {
  return document.querySelector(".panel.open")?.id.slice(6);
}
