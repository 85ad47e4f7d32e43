/** The graph of stages, and a panel for each stage. */
import type { Layout, Page, Stage } from "../model.ts";
import { StagePanel } from "./stage.tsx";
import { overall, progressMark, progressWord, seconds, size, total } from "./text.ts";

export function GraphView({ page }: { page: Page }) {
  const { stages, layout } = page;
  return (
    <section id="graph" aria-labelledby="graph-title">
      <h2 id="graph-title">Graph of stages</h2>
      <p class="note">
        Choose a stage for its parameters, instances and keys. Lines that longer ways imply are left
        out. ★ marks a result.
        {!layout && stages.length > 0 && " There are too many stages to draw."}
      </p>
      <div class="graph">
        <div data-section="drawing">
          <Stages page={page} />
        </div>
        <div class="panels">
          {stages.map((stage, i) => (
            <div key={stage.name} data-section={`panel-${i}`}>
              <StagePanel stage={stage} />
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

export function Stages({ page: { stages, layout } }: { page: Page }) {
  return layout ? <Drawing stages={stages} layout={layout} /> : <StageList stages={stages} />;
}

function StageList({ stages }: { stages: readonly Stage[] }) {
  return (
    <ul class="stage-list">
      {stages.map((stage) => (
        <li key={stage.name}>
          <a href={`#stage-${stage.name}`} data-stage={stage.name}>
            {stage.name}
          </a>{" "}
          {line(stage)}
        </li>
      ))}
    </ul>
  );
}

/** A wider drawing scrolls, since its letters would become too small. */
const widestFit = 1700;

function Drawing({ stages, layout }: { stages: readonly Stage[]; layout: Layout }) {
  const { width, height, nodes, edges } = layout;
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  return (
    <section class="scroll" aria-label="drawing of the stages" tabindex={0}>
      <svg
        class={width <= widestFit ? "stages fit" : "stages"}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        <title>The stages, and which read which</title>
        <g class="edges">
          {edges.map(({ from, to, points }) => (
            <path key={`${from} ${to}`} data-from={from} data-to={to} d={curve(points)} />
          ))}
        </g>
        {nodes.map((node) => (
          <Node key={node.stage} node={node} stage={byName.get(node.stage)!} />
        ))}
      </svg>
    </section>
  );
}

function Node({ node, stage }: { node: Layout["nodes"][number]; stage: Stage }) {
  const { x, y, width, height } = node;
  const { name, instances, result } = stage;
  const state = overall(instances);
  const all = total(instances);
  const star = result ? " ★" : "";
  const [left, top] = [x - width / 2, y - height / 2];
  const done = (width * instances.cached) / Math.max(1, all);
  return (
    <a class={`node ${state}`} href={`#stage-${name}`} data-stage={name}>
      <rect class="box" x={left} y={top} width={width} height={height} rx="5" />
      {done > 0 && <rect class="done" x={left} y={top + height - 3} width={done} height="3" />}
      <text class="mark" x={left + 10} y={top + 18}>
        {progressMark[state]}
      </text>
      <text class="name" x={left + 26} y={top + 18}>
        {shorten(name, width)}
        {star}
      </text>
      <text class="said" x={left + 10} y={top + 18}>
        {progressWord(state)}
      </text>
      <text class="detail" x={left + 10} y={top + 35}>
        {line(stage)}
      </text>
    </a>
  );
}

/** `10 × 2.1 s`, and bytes. */
function line({ instances, seconds: spent, bytes }: Stage): string {
  const all = total(instances);
  const count = instances.cached === all ? String(all) : `${instances.cached}/${all}`;
  return [count, seconds(spent), size(bytes)].join(" · ");
}

/** As many letters of a name as a box holds. */
function shorten(name: string, width: number): string {
  const letters = Math.floor((width - 40) / 8);
  return name.length <= letters ? name : `${name.slice(0, letters - 1)}…`;
}

function curve(points: readonly { x: number; y: number }[]): string {
  const at = ({ x, y }: { x: number; y: number }) => `${Math.round(x)},${Math.round(y)}`;
  const [first, ...rest] = points;
  const last = rest.at(-1)!;
  const middle = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1]!;
    const end =
      i === rest.length - 2 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  return `M${at(first!)} ${middle.length > 0 ? middle.join(" ") : `L${at(last)}`}`;
}
