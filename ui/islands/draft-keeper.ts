// Keeps what is being typed on this device, so that a closed tab, a crash or a
// lost connection costs nothing. Never used on a form with a secret.
import type { Island } from "./island";

/** A field's name and what is in it. */
export type Typed = [string, string][];

/** What is kept of one form. */
export interface Kept {
  /** The texts and pictures, in the order of the form. */
  typed: Typed;
  /** Milliseconds since the epoch. */
  at: number;
  /** The form was sent, and no page has said yet that it arrived. */
  sent?: boolean;
}

const PREFIX = "bellwether-draft:";
/** Two weeks: what was not picked up by then is not missed. */
const OLDEST = 14 * 24 * 3600 * 1000;
/** What is kept: texts, and which pictures belong to them. */
const FIELDS = "textarea[name], input[type=hidden][name^=media-]";

/** Whether `kept` says more than the fresh form, in which `shown` is. */
export function isWanted(kept: Kept, shown: Typed, now: number): boolean {
  const isSame = JSON.stringify(kept.typed) === JSON.stringify(shown);
  const isEmpty = kept.typed.every(([, text]) => text.trim() === "");
  return now - kept.at <= OLDEST && !isSame && !isEmpty;
}

/** Whether `typed` fits into the fields called `names`, one for one. */
export function fits(typed: Typed, names: string[]): boolean {
  return typed.length === names.length && typed.every(([name], at) => name === names[at]);
}

/** Drops drafts that a page says have arrived, and very old ones. */
export function sweep(store: Storage, arrived: Set<string>, now: number): void {
  for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) {
    const kept = read(store, key);
    if (!kept || arrived.has(key.slice(PREFIX.length)) || now - kept.at > OLDEST) store.removeItem(key);
  }
}

function read(store: Storage, key: string): Kept | null {
  try {
    const kept = JSON.parse(store.getItem(key) ?? "null") as Kept | null;
    return kept && Array.isArray(kept.typed) ? kept : null;
  } catch {
    return null;
  }
}

type Field = HTMLTextAreaElement | HTMLInputElement;

export const draftKeeper: Island = (element) => {
  const form = element as HTMLFormElement;
  const key = PREFIX + (form.dataset["draft"] ?? location.pathname);
  const fields = () => Array.from(form.querySelectorAll<Field>(FIELDS));
  const shown: Typed = fields().map((field) => [field.name, field.defaultValue]);
  const save = (sent: boolean) => {
    const typed: Typed = fields().map((field) => [field.name, field.value]);
    const kept: Kept = { typed, at: Date.now(), ...(sent ? { sent } : {}) };
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // The device is full or keeps nothing: the server's copy is still there.
    }
  };

  const kept = read(localStorage, key);
  if (form.dataset["cameBack"] !== undefined) {
    // The server answered with the form: it holds everything, and nothing was taken.
    save(false);
  } else if (kept && isWanted(kept, shown, Date.now())) {
    const note = kept.sent ? "[data-sent]" : "[data-restored]";
    form.querySelector<HTMLElement>(note)?.removeAttribute("hidden");
    if (fits(kept.typed, shown.map(([name]) => name))) {
      fields().forEach((field, at) => (field.value = kept.typed[at]?.[1] ?? ""));
      form.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      bringBack(form, fields(), kept.typed);
      return;
    }
  }

  form.addEventListener("input", () => save(false));
  form.addEventListener("submit", () => save(true));
  form.addEventListener("reset", () => localStorage.removeItem(key));
};

/** More parts or pictures than a fresh form has: the server draws the form for them. */
function bringBack(form: HTMLFormElement, fields: Field[], typed: Typed): void {
  for (const field of fields) field.disabled = true;
  for (const [name, value] of typed) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  form.requestSubmit(form.querySelector<HTMLButtonElement>("button[name=do][value=look]"));
}

/** The drafts that this page says have arrived. */
export function arrivedDrafts(root: Document): Set<string> {
  const told = root.querySelectorAll<HTMLElement>("[data-arrived]");
  return new Set(Array.from(told, (element) => element.dataset["arrived"] ?? ""));
}
