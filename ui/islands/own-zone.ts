// Fills an empty time zone field with the browser's own zone, if the field knows it.
import type { Island } from "./island";

export const ownZone: Island = (element) => {
  const field = element as HTMLInputElement;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isKnown = Array.from(field.list?.options ?? []).some((option) => option.value === own);
  if (!field.value && isKnown) field.value = own;
};
