/** Estimates with intervals on one axis. Lengths are per cent, so that a plot is as wide as its place. */
import { formatEstimate, formatNumber } from "../../../text/estimate.ts";
import { type Scale, scaleOf } from "./scale.ts";

export interface Drawn {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export type Tone = "good" | "bad" | "plain";

/** What all rows of a plot share. */
export interface ForestAxis {
  readonly scale: Scale;
  /** No difference: 0, or 1 for ratios. */
  readonly neutral: number;
  /** The zone within the margin; undefined where the margin is 0. */
  readonly zone: readonly [number, number] | undefined;
}

export function forestAxis(rows: readonly Drawn[], margin: number, ratio: boolean): ForestAxis {
  const neutral = ratio ? 1 : 0;
  const wide = Number.isFinite(margin) && margin !== neutral && (!ratio || margin > 0);
  const other = ratio ? 1 / margin : -margin;
  const zone = wide ? ([Math.min(margin, other), Math.max(margin, other)] as const) : undefined;
  const numbers = rows.flatMap(({ estimate, low, high }) => [estimate, low, high]);
  return { scale: scaleOf([...numbers, neutral, ...(zone ?? [])], ratio), neutral, zone };
}

const percent = (x: number) => `${x.toFixed(2)}%`;

/** One row. */
export function Interval(props: Drawn & { axis: ForestAxis; tone: Tone; margin?: number }) {
  const { axis, tone, estimate, low, high, margin } = props;
  const { scale, neutral, zone } = axis;
  const [at, from, to] = [scale.at(estimate), scale.at(low), scale.at(high)];
  const beside = margin === undefined || !zone ? "" : `, margin ${formatNumber(margin)}`;
  const label = Number.isNaN(at)
    ? "no estimate"
    : `estimate and interval: ${formatEstimate(estimate, low, high)}${beside}`;
  return (
    <svg class={`interval ${tone}`} width="100%" height="22" role="img" aria-label={label}>
      {zone && <Zone axis={axis} />}
      <line
        class="neutral"
        x1={percent(scale.at(neutral))}
        x2={percent(scale.at(neutral))}
        y1="0"
        y2="22"
      />
      {!Number.isNaN(from + to) && (
        <>
          <line class="whisker" x1={percent(from)} x2={percent(to)} y1="11" y2="11" />
          <line class="whisker" x1={percent(from)} x2={percent(from)} y1="7" y2="15" />
          <line class="whisker" x1={percent(to)} x2={percent(to)} y1="7" y2="15" />
        </>
      )}
      {!Number.isNaN(at) && <circle class="point" cx={percent(at)} cy="11" r="4" />}
    </svg>
  );
}

function Zone({ axis: { scale, zone } }: { axis: ForestAxis }) {
  const [from, to] = [scale.at(zone![0]), scale.at(zone![1])];
  return <rect class="zone" x={percent(from)} width={percent(to - from)} y="0" height="22" />;
}

/** Ticks below the rows. */
export function Ticks({ axis: { scale } }: { axis: ForestAxis }) {
  return (
    <svg class="ticks" width="100%" height="18" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={percent(scale.at(tick))} x2={percent(scale.at(tick))} y1="0" y2="4" />
          <text x={percent(scale.at(tick))} y="15" text-anchor="middle">
            {formatTick(tick)}
          </text>
        </g>
      ))}
    </svg>
  );
}

function formatTick(x: number): string {
  return Math.abs(x) >= 1e5 ? x.toExponential(0) : String(Number(x.toPrecision(3)));
}
