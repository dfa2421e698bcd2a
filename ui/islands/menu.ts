// A `<details>` that behaves as a menu: one open at a time, closed by Escape
// or a click elsewhere, walked with the arrow keys.
import type { Island } from "./island";

export const menu: Island = (element) => {
  const details = element as HTMLDetailsElement;
  const summary = details.querySelector("summary");
  const items = () => Array.from(details.querySelectorAll<HTMLElement>("a[href], button:not(:disabled)"));

  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && details.open) {
      details.open = false;
      summary?.focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // In a field the arrows are the field's own.
    if (!step || (event.target as HTMLElement).matches("input, select, textarea")) return;
    event.preventDefault();
    details.open = true;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]?.focus();
  };
  const onOutside = (event: Event) => {
    if (details.open && !details.contains(event.target as Node)) details.open = false;
  };

  details.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onOutside);
  document.addEventListener("focusin", onOutside);
  return () => {
    document.removeEventListener("pointerdown", onOutside);
    document.removeEventListener("focusin", onOutside);
  };
};
