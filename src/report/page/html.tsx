/** The page as one file: no request leaves it, and the only script and style are ours. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { render } from "preact-render-to-string";
import type { Page } from "./model.ts";
import { Navigation, type Section, sections } from "./view/page.tsx";

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

/** A section by itself; empty where the page has none. */
export function renderSection({ view: View, there }: Section, page: Page): string {
  return there(page) ? render(<View page={page} />) : "";
}

export const renderNavigation = (page: Page) => render(<Navigation page={page} />);

/** @param parts - sections by name, where they are drawn already */
export function renderDocument(
  page: Page,
  options: DocumentOptions,
  extra = "",
  parts: ReadonlyMap<string, string> = new Map(),
): string {
  const drawn = sections.map((section) => {
    const html = parts.get(section.name) ?? renderSection(section, page);
    return `<div data-section="${section.name}">${html}</div>`;
  });
  const title = render(<title>{`${page.pipeline} · Blockspin`}</title>);
  const policy = render(<meta http-equiv="Content-Security-Policy" content={policyOf(options)} />);
  return `<!doctype html>
<html lang="en"${options.live ? " data-live" : ""}>
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
<div data-section="nav">${renderNavigation(page)}</div>
<main id="main">
${extra}
${drawn.join("\n")}
</main>
<footer>Made by Blockspin from what is cached; nothing was computed for it.</footer>
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
const style = once(() => asset("./style.css"));
/** Bundled from `client/` by the build. */
const script = once(() => asset("./client.js"));
