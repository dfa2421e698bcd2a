// Everything that pages run: htmx, morphing, and the islands.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";

import { copy } from "./islands/copy";
import { arrivedDrafts, draftKeeper, sweep } from "./islands/draft-keeper";
import { eventStream } from "./islands/event-stream";
import { attach, detach, type Island } from "./islands/island";
import { localTime } from "./islands/local-time";
import { menu } from "./islands/menu";
import { ownZone } from "./islands/own-zone";
import { pickFiles } from "./islands/pick-files";
import { theme } from "./islands/theme";
import { toast } from "./islands/toast";

const islands: Record<string, Island> = {
  copy,
  "draft-keeper": draftKeeper,
  "event-stream": eventStream,
  "local-time": localTime,
  menu,
  "own-zone": ownZone,
  "pick-files": pickFiles,
  theme,
  toast,
};

// Nothing that the security policy forbids, nothing kept in the browser's
// storage, and answers that refuse a form are shown like any other.
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

// `hx-swap="morph"`: changes only what differs, so that focus, selection and
// what is being typed stay.
htmx.defineExtension("morph", {
  isInlineSwap: (style: string) => style === "morph",
  handleSwap: (style: string, target: Node, fragment: Node) => {
    if (style !== "morph") return false;
    const content = Array.from((fragment as DocumentFragment | Element).children);
    return Idiomorph.morph(target as Element, content, {
      morphStyle: "outerHTML",
      ignoreActiveValue: true,
      callbacks: {
        // What somebody has typed or opened is theirs.
        beforeNodeMorphed: (old: Node) => !isTypedInto(old),
        beforeAttributeUpdated: (name: string, node: Element) =>
          !(name === "open" && node instanceof HTMLDetailsElement),
      },
    }) as Node[];
  },
} as unknown as Parameters<typeof htmx.defineExtension>[1]);

function isTypedInto(node: Node): boolean {
  const isField = node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement;
  return isField && node.type !== "hidden" && node.value !== node.defaultValue;
}

// A refused request answers with a toast, whatever asked for it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>).detail;
  const toasts = document.getElementById("toasts");
  if (xhr.getResponseHeader("Bellwether-Toast") !== "1" || !toasts) return;
  (event as CustomEvent<{ shouldSwap: boolean }>).detail.shouldSwap = false;
  const read = new DOMParser().parseFromString(xhr.responseText, "text/html");
  for (const one of read.querySelectorAll(".toast")) toasts.append(document.importNode(one, true));
  attach(toasts, islands);
});

document.addEventListener("htmx:load", (event) => {
  // What is swapped in may be a bare text.
  const { elt } = (event as CustomEvent<{ elt: Node }>).detail;
  if (elt instanceof Element) attach(elt, islands);
});
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  // What goes may be a bare text as well.
  if (event.target instanceof Element) detach(event.target);
});

sweep(localStorage, arrivedDrafts(document), Date.now());
attach(document, islands);
