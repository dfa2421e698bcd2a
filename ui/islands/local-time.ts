// Adds the reader's own time to a time that is shown in a brand's zone, when
// the two differ: "18:00" in Paris is "01:00" for a colleague in Seoul.
import type { Island } from "./island";

/** The moment as `zone` reads it, with the weekday if that is another day than in `shown`. */
export function elsewhere(at: Date, language: string, shown: string, zone: string): string | null {
  const day = (timeZone: string) =>
    new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "short" }).format(at);
  if (clock(shown) === clock(zone) && day(shown) === day(zone)) return null;
  const weekday: Intl.DateTimeFormatOptions = day(shown) === day(zone) ? {} : { weekday: "short" };
  return new Intl.DateTimeFormat(language, {
    ...weekday,
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

export const localTime: Island = (element) => {
  const at = new Date((element as HTMLTimeElement).dateTime);
  const { zone, here } = element.dataset;
  if (!zone || !here || Number.isNaN(at.getTime())) return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const text = elsewhere(at, document.documentElement.lang, zone, own);
  if (text) element.title = here.replace("{time}", text);
};
