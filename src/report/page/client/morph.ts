/**
 * Makes an element's content like that of another, and keeps the nodes that are there: so focus, what
 * is open, what is typed and how far it is scrolled stay as a person left them.
 */

/** What a person, or the page's script, may have changed. */
const kept = new Set(["open", "aria-sort", "aria-current", "hidden"]);

export function morph(old: Element, fresh: Element): void {
  const known = new Map<string, Element>();
  for (const child of old.children) {
    const key = keyOf(child);
    if (key !== undefined) known.set(key, child);
  }
  let place: ChildNode | null = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const key = node instanceof Element ? keyOf(node) : undefined;
    const same = key === undefined ? fitting(place, node) : known.get(key);
    if (!same) {
      old.insertBefore(node, place);
      continue;
    }
    if (same === place) place = place.nextSibling;
    else old.insertBefore(same, place);
    update(same, node);
  }
  while (place) {
    const next: ChildNode | null = place.nextSibling;
    place.remove();
    place = next;
  }
}

/** The node in place, if it is of the same kind and has no name of its own. */
function fitting(place: ChildNode | null, node: Node): ChildNode | undefined {
  if (!place || place.nodeName !== node.nodeName) return undefined;
  return place instanceof Element && keyOf(place) !== undefined ? undefined : place;
}

/** A name among its siblings. */
function keyOf(element: Element): string | undefined {
  const { dataset } = element as HTMLElement | SVGElement;
  const key = element.id || dataset["key"] || dataset["row"] || dataset["stage"];
  return key ? `${element.nodeName} ${key}` : undefined;
}

function update(old: ChildNode, fresh: Node): void {
  if (!(old instanceof Element && fresh instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!kept.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (!(old instanceof HTMLInputElement)) morph(old, fresh);
}
