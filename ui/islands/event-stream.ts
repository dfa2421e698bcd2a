// One stream of events for all tabs of this browser. Whoever holds the lock
// has the connection and tells the others; when that tab goes, the next one
// takes over where it stopped. Without locks (a page that is not served
// securely) every visible tab has its own connection.
import type { Island } from "./island";

/** What the server says: that something changed, never what it is now. */
export interface Happening {
  /** What kind of thing: `delivery`, `channel`, `pause`. `*` when events were lost. */
  topic: string;
  /** Whose. Nothing when it is the whole organization's. */
  workspace?: string | null;
}

interface Message {
  id: string;
  happening: Happening;
}

/** Whether a page of `workspace` that waits for `topics` must look again. */
export function concerns(happening: Happening, topics: string, workspace: string | undefined): boolean {
  if (happening.topic === "*") return true;
  if (happening.workspace && workspace && happening.workspace !== workspace) return false;
  return topics.split(" ").includes(happening.topic);
}

/** Milliseconds before the next try to connect: doubling from 2 s to a minute, spread by a quarter. */
export function patience(tries: number, random: number): number {
  return Math.min(60_000, 2_000 * 2 ** Math.min(tries, 5)) * (1 + random / 4);
}

/** Reads one message; nothing if it is not one of ours. */
export function parse(data: string): Happening | null {
  try {
    const value = JSON.parse(data) as Partial<Happening> | null;
    if (typeof value?.topic !== "string") return null;
    return { topic: value.topic, workspace: value.workspace ?? null };
  } catch {
    return null;
  }
}

export const eventStream: Island = (element) => {
  const { events: address, workspace } = element.dataset;
  if (!address) return;
  let last = element.dataset["after"] ?? "";
  let waiting: number | undefined;
  const due = new Set<Element>();
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("bellwether-events") : null;
  const ended = new AbortController();

  const show = (message: Message) => {
    last = message.id || last;
    for (const waits of document.querySelectorAll<HTMLElement>("[data-refresh-on]")) {
      if (concerns(message.happening, waits.dataset["refreshOn"] ?? "", workspace)) due.add(waits);
    }
    // One look for a burst of events: the engine often changes several rows at once.
    waiting ??= window.setTimeout(() => {
      waiting = undefined;
      for (const waits of due) waits.dispatchEvent(new CustomEvent("refresh"));
      due.clear();
    }, 150);
  };

  /** Listens until `signal` says stop. */
  const listen = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      let tries = 0;
      let retry = 0;
      let source: EventSource;
      const open = () => {
        source = new EventSource(last ? `${address}?after=${encodeURIComponent(last)}` : address);
        source.onopen = () => (tries = 0);
        source.onmessage = (event: MessageEvent<string>) => {
          const happening = parse(event.data);
          if (!happening) return;
          const message = { id: event.lastEventId, happening };
          channel?.postMessage(message);
          show(message);
        };
        source.onerror = () => {
          if (source.readyState !== EventSource.CLOSED) return;
          retry = window.setTimeout(open, patience(tries++, Math.random()));
        };
      };
      open();
      signal.addEventListener("abort", () => {
        window.clearTimeout(retry);
        source.close();
        resolve();
      });
    });

  let turn: AbortController | null = null;
  const start = () => {
    if (turn || ended.signal.aborted) return;
    const mine = new AbortController();
    turn = mine;
    const locks = navigator.locks as LockManager | undefined;
    if (locks && channel) {
      locks
        .request("bellwether-events", { signal: mine.signal }, () => listen(mine.signal))
        .catch(() => undefined);
    } else if (!document.hidden) {
      void listen(mine.signal);
    }
  };
  const stop = () => {
    turn?.abort();
    turn = null;
  };
  const alone = !(navigator.locks as LockManager | undefined) || !channel;
  const onVisible = () => {
    if (!alone) return;
    if (document.hidden) stop();
    else start();
  };

  channel?.addEventListener("message", (event: MessageEvent<Message>) => show(event.data));
  window.addEventListener("pagehide", stop, { signal: ended.signal });
  window.addEventListener("pageshow", start, { signal: ended.signal });
  document.addEventListener("visibilitychange", onVisible, { signal: ended.signal });
  start();
  return () => {
    stop();
    ended.abort();
    channel?.close();
  };
};
