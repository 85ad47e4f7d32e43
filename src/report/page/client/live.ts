/**
 * A page that is served: asks its server for the sections that changed, and puts them in place. A
 * connection that was lost is made again by the browser, and then brings all sections as they are.
 */
import { morph } from "./morph.ts";
import { show, shownStage } from "./stages.ts";

interface Change {
  readonly section: string;
  readonly html: string;
}

/** @param arranged - called after sections were changed */
export function follow(arranged: () => void): void {
  const source = new EventSource(`events?at=${document.documentElement.dataset["live"]}`);
  source.addEventListener("sections", ({ data }) => {
    for (const { section, html } of JSON.parse(data as string) as Change[]) put(section, html);
    arranged();
  });
  source.addEventListener("trouble", ({ data }) => {
    const message = JSON.parse(data as string) as string;
    say(message === "" ? "" : `A part of the page cannot be shown: ${message}`);
  });
  source.addEventListener("closed", () => {
    source.close();
    say("The server has stopped; this is its last state.");
  });
  source.addEventListener("open", () => say(""));
  source.addEventListener("error", () => say("The connection is lost; trying again …"));
}

function put(section: string, html: string): void {
  const place = document.querySelector(`[data-section="${section}"]`);
  if (!place) return;
  const fresh = document.createElement("div");
  fresh.innerHTML = html;
  const stage = shownStage();
  morph(place, fresh);
  if (section === "drawing" || section.startsWith("panel-")) show(stage);
}

function say(text: string): void {
  const place = document.getElementById("connection");
  if (place) place.textContent = text;
}
