import assert from "node:assert/strict";
import { test } from "node:test";

import { isWanted, sweep } from "./draft-keeper";

const now = 1_800_000_000_000;
const base = JSON.stringify({ text: "from the server" });

class FakeStorage {
  [name: string]: unknown;
  getItem(name: string): string | null {
    return (this[name] as string | undefined) ?? null;
  }
  removeItem(name: string): void {
    delete this[name];
  }
}

test("what was typed over the same text comes back", () => {
  assert.equal(isWanted({ base, typed: { text: "typed" }, at: now - 1000 }, base, now), true);
});

test("a draft over a text that has changed since, an equal one and an old one do not", () => {
  const other = JSON.stringify({ text: "somebody else's" });
  assert.equal(isWanted({ base, typed: { text: "typed" }, at: now }, other, now), false);
  assert.equal(isWanted({ base, typed: { text: "from the server" }, at: now }, base, now), false);
  assert.equal(isWanted({ base, typed: { text: "typed" }, at: now - 15 * 86_400_000 }, base, now), false);
});

test("a draft goes once its form was sent and left, and stays while it is still shown", () => {
  const store = new FakeStorage();
  const sent = JSON.stringify({ base, typed: { text: "typed" }, at: now, sent: true });
  store["bellwether-draft:left"] = sent;
  store["bellwether-draft:shown"] = sent;
  store["bellwether-draft:broken"] = "{";
  store["other"] = "untouched";
  sweep(store as unknown as Storage, new Set(["shown"]), now);
  assert.deepEqual(Object.keys(store).sort(), ["bellwether-draft:shown", "other"]);
});
