import assert from "node:assert/strict";
import { test } from "node:test";

import { elsewhere } from "./local-time";

const at = new Date("2026-12-10T17:00:00Z");

test("the same clock needs no second time", () => {
  assert.equal(elsewhere(at, "fr", "Europe/Paris", "Europe/Berlin"), null);
});

test("another clock on the same day is a time", () => {
  assert.equal(elsewhere(at, "en", "Europe/Paris", "Europe/London"), "17:00");
});

test("another day says which", () => {
  assert.match(elsewhere(at, "en", "Europe/Paris", "Asia/Seoul") ?? "", /^Fri.*02:00$/);
});
