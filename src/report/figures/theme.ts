/**
 * One look for every figure: colours for light and dark, and Vega-Lite's settings. The categories can be
 * told apart by people who see few colours (after Okabe and Ito, darker on white), and have a contrast
 * of at least 3 to 1. Knows nothing of data.
 */

export type Theme = "light" | "dark" | "page";

/** Colours by name. A page has them as CSS variables, `--figure-text` and so on. */
type Colours = Readonly<Record<string, string>>;

const light: Colours = {
  text: "#1f2431",
  muted: "#5b6473",
  grid: "#e3e6ec",
  axis: "#9aa3b0",
  surface: "#fffffe",
  "1": "#0072b2",
  "2": "#c44e00",
  "3": "#00805e",
  "4": "#a4508b",
  "5": "#a87400",
  "6": "#3a92cd",
  "7": "#6b7281",
  "8": "#3f2d9c",
  "9": "#4d7c10",
  "10": "#b5265f",
};
const dark: Colours = {
  text: "#e6e9f0",
  muted: "#a7afbc",
  grid: "#333a46",
  axis: "#6b7282",
  surface: "#16191f",
  "1": "#58b0f0",
  "2": "#ff9a56",
  "3": "#35cfa3",
  "4": "#e79acb",
  "5": "#f0b840",
  "6": "#9ad4ff",
  "7": "#a8b0bd",
  "8": "#a79bff",
  "9": "#a3d65d",
  "10": "#ff7ab9",
};
/** What the style of a page sets `--figure-…` to. */
export const figureColours = { light, dark };

/** Everything is drawn in these; `recolour` makes the other themes of it. */
export const colours = light;

/** The colours of a theme instead of the light ones, also where a specification names those. */
export function recolour(svg: string, theme: Theme): string {
  if (theme === "light") return svg;
  const names = new Map(Object.entries(light).map(([name, hex]) => [hex, name]));
  names.set("black", "text"); // Vega's own.
  return svg.replaceAll(/"(#[0-9a-f]{6}|black)"/g, (whole, colour: string) => {
    const name = names.get(colour);
    if (name === undefined) return whole;
    return theme === "dark" ? `"${dark[name]}"` : `"var(--figure-${name}, ${light[name]})"`;
  });
}

export const fontFamily = "system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/** From negative through zero to positive, and from low to high (viridis). */
export const diverging = ["#0b4f8f", "#5fa3d3", "#f3f1ee", "#e8935a", "#a33b00"];
export const sequential = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"];

/** Vega-Lite's settings. */
export function config(): Record<string, unknown> {
  const { text, muted, grid, axis, surface, "1": first } = colours;
  const category = Array.from({ length: 10 }, (_, i) => colours[i + 1]);
  const mark = { color: first };
  return {
    aria: false,
    background: null,
    font: fontFamily,
    axis: {
      ...{ labelColor: muted, titleColor: text, gridColor: grid, domainColor: axis },
      ...{ tickColor: axis, labelFontSize: 12, titleFontSize: 13, titleFontWeight: "normal" },
      ...{ labelLimit: 320, titlePadding: 8, labelPadding: 4, gridWidth: 1, tickSize: 4 },
    },
    axisQuantitative: { tickCount: 6 },
    legend: {
      ...{ labelColor: text, titleColor: muted, labelFontSize: 12, titleFontSize: 12 },
      ...{ titleFontWeight: "normal", labelLimit: 240, symbolStrokeWidth: 2, symbolLimit: 16 },
      ...{ gradientStrokeColor: axis },
    },
    header: { labelColor: text, titleColor: muted, labelFontSize: 13, titleFontSize: 12 },
    title: { color: text, fontSize: 13, fontWeight: 500, anchor: "start", offset: 8 },
    view: { stroke: null, continuousWidth: 480, continuousHeight: 280 },
    range: {
      category,
      diverging,
      heatmap: sequential,
      ramp: sequential,
      ordinal: category,
    },
    mark,
    line: { strokeWidth: 2 },
    point: { filled: true, size: 45, opacity: 0.85 },
    rule: { color: muted },
    text: { color: text, fontSize: 12 },
    area: { opacity: 0.25, line: false },
    errorband: { opacity: 0.2 },
    bar: { stroke: surface },
    boxplot: { median: { color: text } },
  };
}
