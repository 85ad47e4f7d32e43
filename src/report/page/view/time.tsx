/** Where the time went, as bars. */
import type { Page, Share } from "../model.ts";
import { seconds, size, time } from "./text.ts";

export function TimeView({ page }: { page: Page }) {
  const { about, time: shares } = page;
  const spent = shares.stages.reduce((sum, { computed, cached }) => sum + computed + cached, 0);
  if (spent === 0) return null;
  const computed = shares.stages.reduce((sum, share) => sum + share.computed, 0);
  const bytes = shares.stages.reduce((sum, share) => sum + share.bytes, 0);
  const which = about.run ? "that run" : `the run of ${time(about.latest?.at)}`;
  return (
    <section id="time" aria-labelledby="time-title">
      <h2 id="time-title">Where the time went</h2>
      <p>
        {seconds(spent)} of computing and {size(bytes)}. Of this, {seconds(computed)} were of{" "}
        {which}.
      </p>
      <p class="words">
        <span>
          <Key kind="computed" /> computed by {which}
        </span>
        <span>
          <Key kind="kept" /> cached
        </span>
      </p>
      <div class="time">
        <Bars title="by stage" shares={shares.stages} />
        <Bars title="by node type" shares={shares.types} />
      </div>
    </section>
  );
}

function Key({ kind }: { kind: string }) {
  return (
    <svg width="10" height="10" aria-hidden="true" class="bar">
      <rect class={kind} width="10" height="10" />
    </svg>
  );
}

const shownBars = 40;

function Bars({ title, shares }: { title: string; shares: readonly Share[] }) {
  const longest = Math.max(...shares.map(({ computed, cached }) => computed + cached), 1e-9);
  const more = shares.slice(shownBars);
  return (
    <div>
      <h3>{title}</h3>
      <table class="bars">
        <thead class="sr">
          <tr>
            <th scope="col">name</th>
            <th scope="col">share</th>
            <th scope="col">time</th>
            <th scope="col">size</th>
          </tr>
        </thead>
        <tbody>
          {shares.slice(0, shownBars).map(({ name, computed, cached, bytes }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="bar-cell">
                <svg class="bar" width="100%" height="12" aria-hidden="true">
                  <rect class="computed" width={`${(100 * computed) / longest}%`} height="12" />
                  <rect
                    class="kept"
                    x={`${(100 * computed) / longest}%`}
                    width={`${(100 * cached) / longest}%`}
                    height="12"
                  />
                </svg>
              </td>
              <td class="number">{seconds(computed + cached)}</td>
              <td class="number">{size(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more.length > 0 && (
        <p class="note">
          {more.length} more took{" "}
          {seconds(more.reduce((sum, { computed, cached }) => sum + computed + cached, 0))}.
        </p>
      )}
    </div>
  );
}
