/** The page as one file: no request leaves it, and the only script and style are ours. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { render } from "preact-render-to-string";
import { figureColours } from "../figures/theme.ts";
import type { Page } from "./model.ts";
import { innerParts, Navigation, sections } from "./view/page.tsx";

const asset = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const digestOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export interface DocumentOptions {
  /** The page is served, and asks its server what changed. */
  readonly live: boolean;
}

/** What a browser may do with the page. */
export function policyOf({ live }: DocumentOptions): string {
  return [
    "default-src 'none'",
    `script-src ${digestOf(script())}`,
    `style-src ${digestOf(style())}`,
    "img-src data: blob:",
    ...(live ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** What of a page may change while a run goes on, by the name of its place. */
export function partsOf(page: Page): ReadonlyMap<string, string> {
  const parts = [{ name: "nav", view: Navigation }, ...sections, ...innerParts(page)];
  return new Map(
    parts
      .filter((part) => !("fixed" in part && part.fixed))
      .map(({ name, view: View }) => [name, render(<View page={page} />)]),
  );
}

const made = "Made by Blockspin from what is cached; nothing was computed for it.";
const served = "Served by blockspin ui, to this machine alone.";

interface LiveParts {
  /** Markup above the page's own. */
  readonly top: string;
  /** The version of the parts. */
  readonly version: number;
}

export function renderDocument(page: Page, options: DocumentOptions, live?: LiveParts): string {
  const drawn = sections.map(({ name, view: View }) =>
    render(
      <div data-section={name}>
        <View page={page} />
      </div>,
    ),
  );
  const title = render(<title>{`${page.pipeline} · Blockspin`}</title>);
  const policy = render(<meta http-equiv="Content-Security-Policy" content={policyOf(options)} />);
  return `<!doctype html>
<html lang="en"${live ? ` data-live="${live.version}"` : ""}>
<head>
<meta charset="utf-8">
${policy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
${title}
<style>${style()}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<div data-section="nav">${render(<Navigation page={page} />)}</div>
<main id="main">
${live?.top ?? ""}
${drawn.join("\n")}
</main>
<footer>${live ? served : made}</footer>
<script>${script()}</script>
</body>
</html>
`;
}

const once = <T,>(make: () => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
const style = once(() => asset("./style.css") + figureStyle());
/** Bundled from `client/` by the build. */
const script = once(() => asset("./client.js"));

/** What drawings call their colours, light and dark. */
function figureStyle(): string {
  const { light, dark } = figureColours;
  const colours = Object.entries(light).map(([name, hex]) => {
    return `--figure-${name}: light-dark(${hex}, ${dark[name] ?? hex});`;
  });
  return `:root { ${colours.join(" ")} }\n`;
}
