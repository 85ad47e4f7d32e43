/** Light or dark: as the system says, until a person chooses. */
const names = ["light", "dark"] as const;

export function startTheme(): void {
  const root = document.documentElement;
  const known = read();
  if (known) root.dataset["theme"] = known;
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest("#theme")) return;
    const dark = (root.dataset["theme"] ?? system()) === "dark";
    const next = names[dark ? 0 : 1]!;
    root.dataset["theme"] = next;
    write(next);
  });
}

function system(): string {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** A page that was opened from a file may have no storage. */
function read(): string | undefined {
  try {
    const found = localStorage.getItem("blockspin-theme");
    return names.find((name) => name === found);
  } catch {
    return undefined;
  }
}

function write(name: string): void {
  try {
    localStorage.setItem("blockspin-theme", name);
  } catch {
    // It holds until the page is closed.
  }
}
