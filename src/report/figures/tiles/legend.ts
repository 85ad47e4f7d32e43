/** What the colours of tiles stand for. */
import { textAt } from "../frame.ts";
import type { Scale } from "./colours.ts";

export function legend(
  { kind, stops, low, high }: Scale,
  per: "tile" | "row" | "figure" | undefined,
  x: number,
  y: number,
  colours: Readonly<Record<string, string>>,
): string {
  const muted = colours["muted"]!;
  const border = `stroke="${colours["axis"]}" stroke-width="1"`;
  if (kind === "binary") {
    const isBit = low === 0 && high === 1;
    const names = isBit ? ["0 (spin −1)", "1 (spin +1)"] : [short(low), short(high)];
    return names
      .map((name, i) => {
        const left = x + i * 110;
        const box = `<rect x="${left}" y="${y}" width="12" height="12" fill="${stops[i]}" ${border}/>`;
        return box + textAt(name, left + 18, y + 10, 11, muted);
      })
      .join("");
  }
  const width = 160;
  const parts = stops.map((stop, i) => {
    return `<stop offset="${i / (stops.length - 1)}" stop-color="${stop}"/>`;
  });
  const gradient = `<defs><linearGradient id="bar">${parts.join("")}</linearGradient></defs>`;
  const bar = `<rect x="${x}" y="${y}" width="${width}" height="10" fill="url(#bar)" ${border}/>`;
  const own = per === "tile" || per === "row";
  const ends = own ? ["lowest", `highest of a ${per}`] : [short(low), short(high)];
  const isSigned = kind === "diverging";
  if (own && isSigned) ends[0] = "";
  const zero = isSigned ? textAt("0", x + width / 2, y + 24, 11, muted, { anchor: "middle" }) : "";
  const first = textAt(ends[0]!, x, y + 24, 11, muted);
  const last = textAt(ends[1]!, x + width, y + 24, 11, muted, { anchor: own ? "start" : "end" });
  return (
    gradient + bar + first + zero + (own ? textAt(ends[1]!, x + width + 8, y + 9, 11, muted) : last)
  );
}

export function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}
