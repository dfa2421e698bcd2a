// An island is a small behaviour that attaches to `data-island="its-name"`.
// A page must work without it.

/** Called once for each element; what it returns is called when the element goes. */
export type Island = (element: HTMLElement) => void | (() => void);

const attached = new WeakMap<Element, (() => void)[]>();

function elements(root: Element | Document, selector: string): HTMLElement[] {
  const inside = Array.from(root.querySelectorAll<HTMLElement>(selector));
  return root instanceof HTMLElement && root.matches(selector) ? [root, ...inside] : inside;
}

/** Attaches islands to what is inside `root` and has none yet. */
export function attach(root: Element | Document, islands: Record<string, Island>): void {
  for (const element of elements(root, "[data-island]")) {
    if (attached.has(element)) continue;
    const leave: (() => void)[] = [];
    attached.set(element, leave);
    for (const name of (element.dataset["island"] ?? "").split(" ").filter(Boolean)) {
      const end = islands[name]?.(element);
      if (end) leave.push(end);
    }
  }
}

/** Detaches the islands of what is inside `root`, which is about to go. */
export function detach(root: Element): void {
  for (const element of elements(root, "[data-island]")) {
    for (const end of attached.get(element) ?? []) end();
    attached.delete(element);
  }
}
