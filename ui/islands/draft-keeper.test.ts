import assert from "node:assert/strict";
import { test } from "node:test";

import { fits, isWanted, sweep, type Typed } from "./draft-keeper";

const now = 1_800_000_000_000;
const shown: Typed = [["text", "from the server"]];

class FakeStorage {
  [name: string]: unknown;
  getItem(name: string): string | null {
    return (this[name] as string | undefined) ?? null;
  }
  removeItem(name: string): void {
    delete this[name];
  }
}

test("what was typed comes back, every part of it", () => {
  const typed: Typed = [["text", "one"], ["text", "two"]];
  assert.equal(isWanted({ typed, at: now - 1000 }, shown, now), true);
  assert.equal(fits(typed, ["text", "text"]), true);
  assert.equal(fits(typed, ["text"]), false);
  assert.equal(fits(typed, ["text", "media-0"]), false);
});

test("what is shown already, nothing at all, and an old draft do not", () => {
  assert.equal(isWanted({ typed: shown, at: now }, shown, now), false);
  assert.equal(isWanted({ typed: [["text", " "]], at: now }, shown, now), false);
  assert.equal(isWanted({ typed: [["text", "typed"]], at: now - 15 * 86_400_000 }, shown, now), false);
});

test("a draft goes once a page says that it arrived, and not before", () => {
  const store = new FakeStorage();
  const sent = JSON.stringify({ typed: [["text", "typed"]], at: now, sent: true });
  store["bellwether-draft:arrived"] = sent;
  store["bellwether-draft:sent"] = sent;
  store["bellwether-draft:broken"] = "{";
  store["other"] = "untouched";
  sweep(store as unknown as Storage, new Set(["arrived"]), now);
  assert.deepEqual(Object.keys(store).sort(), ["bellwether-draft:sent", "other"]);
});
