// Toasts: take themselves away after a while, unless somebody is reading them.
import type { Island } from "./island";

/** Milliseconds that a toast stays: long enough to read it twice. */
export function readingTime(text: string): number {
  const letters = Array.from(text).reduce((sum, letter) => sum + (letter > "\u2e7f" ? 3 : 1), 0);
  return Math.min(20_000, 5_000 + letters * 80);
}

export const toast: Island = (element) => {
  let timer = 0;
  const close = () => element.remove();
  const start = () => {
    timer = window.setTimeout(close, readingTime(element.textContent ?? ""));
  };
  const stop = () => window.clearTimeout(timer);

  element.querySelector<HTMLElement>("[data-close]")?.addEventListener("click", close);
  element.addEventListener("pointerenter", stop);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusin", stop);
  element.addEventListener("focusout", start);
  start();
  return stop;
};
