import assert from "node:assert/strict";
import { test } from "node:test";

import { readingTime } from "./toast";

test("a toast stays long enough to be read, and not for ever", () => {
  assert.equal(readingTime(""), 5_000);
  assert.ok(readingTime("保存しました") > readingTime("Saved."));
  assert.equal(readingTime("x".repeat(10_000)), 20_000);
});
