/** What runs now: progress by stage, running instances with their curves, and lines of logs. */

import { duration } from "../../text/duration.ts";
import { formatNumber } from "../../text/estimate.ts";
import { plural } from "../../text/plural.ts";
import type { Curve, Live, LiveStage, Running } from "./model.ts";

const phases: Readonly<Record<Live["phase"], string>> = {
  planning: "planning",
  running: "▶ running",
  finished: "✓ finished",
  failed: "✗ finished with failures",
  stopped: "– stopped",
};

const shownRunning = 12;

export function LiveView({ live }: { live: Live }) {
  const { phase, done, total, failed, running, log, droppedLines, stages } = live;
  const over = phase !== "planning" && phase !== "running";
  return (
    <section class="live" id="live" aria-labelledby="live-title">
      <h2 id="live-title">
        {phases[phase]}{" "}
        <small>
          {done} of {plural(total, "instance")}, {duration(live.seconds, true)}
          {live.left !== undefined && `, about ${duration(live.left, true)} left`}
          {failed > 0 && `, ${failed} failed`}
        </small>
      </h2>
      <p id="connection" class="lost" role="status" data-key="connection" />
      <Meter part={total === 0 ? 0 : done / total} />
      {over && (
        <p class="note">
          The server goes on until you stop it (Ctrl-C).{" "}
          <a href="report.html" download>
            Save this page
          </a>
        </p>
      )}
      <div class="live-grid">
        {stages.length > 0 && (
          <div>
            <h3>Stages with something left</h3>
            <table class="bars">
              <tbody>
                {stages.map((stage) => (
                  <StageLine key={stage.name} stage={stage} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {running.length > 0 && (
          <div>
            <h3>Running now</h3>
            <ul class="running-list">
              {running.slice(0, shownRunning).map((one) => (
                <Now key={one.label} one={one} />
              ))}
            </ul>
            {running.length > shownRunning && (
              <p class="note">and {running.length - shownRunning} more</p>
            )}
          </div>
        )}
      </div>
      {log.length > 0 && (
        <details>
          <summary>
            Log: the last {plural(log.length, "line")}
            {droppedLines > 0 && ` of ${log.length + droppedLines}`}
          </summary>
          <pre class="log">{log.map(({ label, line }) => `${label}: ${line}`).join("\n")}</pre>
        </details>
      )}
    </section>
  );
}

function Meter({ part }: { part: number }) {
  return (
    <svg class="meter" width="100%" height="6" aria-hidden="true">
      <rect width={`${(100 * part).toFixed(1)}%`} height="6" />
    </svg>
  );
}

function StageLine({ stage: { name, total, done, running, failed } }: { stage: LiveStage }) {
  return (
    <tr data-key={name}>
      <th scope="row">{name}</th>
      <td class="bar-cell">
        <Meter part={done / Math.max(1, total)} />
      </td>
      <td class="number">
        {done}/{total}
      </td>
      <td>
        {running > 0 && `▶ ${running}`} {failed > 0 && <b class="bad">✗ {failed}</b>}
      </td>
    </tr>
  );
}

function Now({ one }: { one: Running }) {
  const { label, fraction, message, lines, curves } = one;
  return (
    <li data-key={label}>
      {curves.map((curve) => (
        <CurveView key={curve.name} curve={curve} />
      ))}
      <b>{label}</b>{" "}
      <small>{`${(100 * fraction).toFixed(0)} %, ${duration(one.seconds, true)}`}</small>
      <div>{message}</div>
      {curves.length === 0 && lines.length > 0 && <code>{lines.at(-1)}</code>}
      <Meter part={fraction} />
    </li>
  );
}

const [width, height] = [120, 34];

function CurveView({ curve: { name, points } }: { curve: Curve }) {
  const [min, max] = [Math.min(...points), Math.max(...points)];
  const x = (i: number) => (width * i) / Math.max(1, points.length - 1);
  const y = (value: number) => height - 2 - ((height - 4) * (value - min)) / (max - min || 1);
  const path = points.map(
    (value, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)},${y(value).toFixed(1)}`,
  );
  const last = points.at(-1)!;
  return (
    <span class="curve">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${name}, now ${formatNumber(last)}`}
      >
        <path d={path.join("")} />
      </svg>
      <small>
        {name} {formatNumber(last)}
      </small>
    </span>
  );
}
