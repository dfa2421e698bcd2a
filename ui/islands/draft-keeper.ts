// Keeps what is being typed on this device, so that a closed tab, a crash or a
// lost connection costs nothing. Never used on a form with a secret.
import type { Island } from "./island";

/** What is kept of one form. */
export interface Kept {
  /** What the server had put into the fields when typing began. */
  base: string;
  /** The fields as typed. */
  typed: Record<string, string>;
  /** Milliseconds since the epoch. */
  at: number;
  /** The form was sent; if the next page is another one, it arrived. */
  sent?: boolean;
}

const PREFIX = "bellwether-draft:";
/** Two weeks: what was not picked up by then is not missed. */
const OLDEST = 14 * 24 * 3600 * 1000;

/** Whether `kept` still belongs to a form that the server filled with `base`. */
export function isWanted(kept: Kept, base: string, now: number): boolean {
  if (now - kept.at > OLDEST || kept.base !== base) return false;
  return JSON.stringify(kept.typed) !== base;
}

/** Drops drafts whose form was sent and has been left, and very old ones. */
export function sweep(store: Storage, shown: Set<string>, now: number): void {
  for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) {
    const kept = read(store, key);
    const arrived = kept?.sent === true && !shown.has(key.slice(PREFIX.length));
    if (!kept || arrived || now - kept.at > OLDEST) store.removeItem(key);
  }
}

function read(store: Storage, key: string): Kept | null {
  try {
    const kept = JSON.parse(store.getItem(key) ?? "null") as Kept | null;
    return kept && typeof kept.base === "string" && typeof kept.typed === "object" ? kept : null;
  } catch {
    return null;
  }
}

function fields(form: HTMLFormElement): HTMLTextAreaElement[] {
  return Array.from(form.querySelectorAll<HTMLTextAreaElement>("textarea[name]"));
}

function values(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
}

export const draftKeeper: Island = (element) => {
  const form = element as HTMLFormElement;
  const key = PREFIX + (form.dataset["draft"] ?? location.pathname);
  const base = JSON.stringify(
    Object.fromEntries(fields(form).map((field) => [field.name, field.defaultValue])),
  );
  const save = (sent: boolean) => {
    const kept: Kept = { base, typed: values(form), at: Date.now(), ...(sent ? { sent } : {}) };
    try {
      if (JSON.stringify(kept.typed) === base) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // The device is full or keeps nothing: the server's copy is still there.
    }
  };

  const kept = read(localStorage, key);
  if (kept && isWanted(kept, base, Date.now())) {
    for (const field of fields(form)) {
      const text = kept.typed[field.name];
      if (text === undefined) continue;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    form.querySelector<HTMLElement>("[data-restored]")?.removeAttribute("hidden");
  }

  form.addEventListener("input", () => save(false));
  form.addEventListener("submit", () => save(true));
  form.addEventListener("reset", () => localStorage.removeItem(key));
};

/** The keys of the forms on this page. */
export function shownDrafts(root: Document): Set<string> {
  const forms = root.querySelectorAll<HTMLElement>("[data-island~=draft-keeper]");
  return new Set(Array.from(forms, (form) => form.dataset["draft"] ?? location.pathname));
}
