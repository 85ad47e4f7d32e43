/** The page of a pipeline while it is brought up to date: a run's events in, a served page out. */
import { render } from "preact-render-to-string";
import {
  type Event,
  type Forecast,
  latestRun,
  type Opened,
  planPipeline,
} from "../../engine/index.ts";
import type { ActionKey } from "../../table/digest.ts";
import { projectOf } from "../page/content/project.ts";
import { gather, layoutOf, type Subject } from "../page/gather.ts";
import { partsOf, policyOf, renderDocument } from "../page/html.tsx";
import { knownNow } from "../page/known.ts";
import type { Page } from "../page/model.ts";
import { Board } from "./board.ts";
import { LiveView } from "./live-view.tsx";
import { LiveServer } from "./server.ts";
import { LiveState } from "./state.ts";

export interface LiveRequest {
  /** What the page shows: the baseline and ablations, whatever the run brings up to date. */
  readonly opened: Opened;
  /** The pipeline file, as a person would type it. */
  readonly file: string;
  /** Of Blockspin. */
  readonly version: string;
  /** Any free one, if it is not given. */
  readonly port?: number | undefined;
}

export interface LivePage {
  readonly url: string;
  /** Call with every event of the run. */
  on(event: Event): void;
  /** Call with what says how long the run still takes. */
  expect(forecast: Pick<Forecast, "left">): void;
  close(): Promise<void>;
}

/** Begins to serve. Rejects if the port is taken. */
export async function serveLive(request: LiveRequest): Promise<LivePage> {
  const { opened, file, version, port } = request;
  const { graph } = opened;
  const planning = await planPipeline(opened);
  const { store } = planning;
  let latest = latestRun(store, graph.name);
  let isOver = false;
  const state = new LiveState(graph, knownNow(graph, planning, undefined), (key) =>
    store.getRecord(key as ActionKey),
  );
  const commit = await projectOf(graph.path, undefined);
  const drawings = new Map();
  const subject = (): Subject => ({
    ...{ opened, store, file, version, commit, drawings, known: state.known, run: undefined },
    latest,
  });
  const layout = await layoutOf(subject());
  let page: Page | undefined;
  const quick = () => new Map([["live", render(<LiveView live={state.model()} />)]]);
  const board = new Board({
    quick,
    async all() {
      if (isOver) latest = latestRun(store, graph.name);
      page = await gather(subject(), layout);
      return partsOf(page);
    },
  });
  const server = new LiveServer({
    board,
    policy: policyOf({ live: true }),
    async page() {
      await board.draw(true);
      if (!page) throw new Error(board.trouble);
      const top = `<div data-section="live">${board.part("live")}</div>`;
      return renderDocument(page, { live: true }, { top, version: board.version });
    },
    async report() {
      return renderDocument(await gather(subject(), layout), { live: false });
    },
  });
  const url = await server.listen(port);
  return {
    url,
    on(event) {
      if (event.event === "finished") isOver = true;
      if (state.on(event)) board.touch();
    },
    expect: (forecast) => state.expect(forecast),
    close: () => server.close(),
  };
}
