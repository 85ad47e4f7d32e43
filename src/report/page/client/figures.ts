/** A figure as a file, in the colours that it has on the page. */
import { save } from "./save.ts";

/** How many times larger a PNG is than the figure on the page. */
const density = 2;

export function saveFigure(id: string, kind: string): void {
  const svg = document.querySelector<SVGSVGElement>(`[data-figure="${CSS.escape(id)}"] svg`);
  if (!svg) return;
  const { width, height } = sizeOf(svg);
  const blob = new Blob([standalone(svg)], { type: "image/svg+xml" });
  if (kind === "svg") {
    save(blob, `${id}.svg`);
    return;
  }
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = width * density;
    canvas.height = height * density;
    const context = canvas.getContext("2d")!;
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    canvas.toBlob((png) => png && save(png, `${id}.png`), "image/png");
  };
  image.src = URL.createObjectURL(blob);
}

function sizeOf(svg: SVGSVGElement): { width: number; height: number } {
  const { width, height } = svg.viewBox.baseVal ?? { width: 0, height: 0 };
  if (width > 0) return { width, height };
  return svg.getBoundingClientRect();
}

/** Without the page's style sheet: every colour as it is. */
function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const { width, height } = sizeOf(svg);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const parts = svg.querySelectorAll("*");
  for (const [i, part] of [...copy.querySelectorAll("*")].entries()) {
    const style = getComputedStyle(parts[i]!);
    for (const name of ["fill", "stroke", "color", "stop-color"]) {
      const written = part.getAttribute(name) ?? "";
      if (/var\(|currentColor/i.test(written))
        part.setAttribute(name, style.getPropertyValue(name));
    }
  }
  return new XMLSerializer().serializeToString(copy);
}
