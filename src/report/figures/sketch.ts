/** What those that draw are given, and what they give back. */
import type { Figure, Planning } from "../../engine/index.ts";
import type { Artifact } from "../../table/schema.ts";
import type { Theme } from "./theme.ts";

export interface Look {
  /** On a `page`, colours are CSS variables (`figureColours`), and the page itself has title and notes. */
  readonly theme: Theme;
  /** Pixels, about. */
  readonly width?: number;
  /** How long drawing may take. */
  readonly seconds?: number;
}

/** A part of the rows of a figure, with the values of its axes. */
export interface Source {
  readonly coordinate: Figure["members"][number]["coordinate"];
  readonly artifact: Artifact;
}

export interface Data {
  readonly store: Planning["store"];
  readonly sources: readonly Source[];
  /** What is to be said of them in the picture. */
  readonly notes: readonly string[];
}

/** A drawing without its frame, and what else is to be said of it. */
export interface Sketch {
  readonly svg: string;
  readonly notes: readonly string[];
}
