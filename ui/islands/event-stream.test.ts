import assert from "node:assert/strict";
import { test } from "node:test";

import { concerns, parse, patience } from "./event-stream";

test("a page looks again for its own brand and its own topics only", () => {
  const happening = { topic: "delivery", workspace: "lune" };
  assert.equal(concerns(happening, "post delivery", "lune"), true);
  assert.equal(concerns(happening, "post delivery", "kitahama"), false);
  assert.equal(concerns(happening, "post", "lune"), false);
  assert.equal(concerns({ topic: "delivery" }, "delivery", "lune"), true);
});

test("lost events make every page look again", () => {
  assert.equal(concerns({ topic: "*" }, "post", "lune"), true);
});

test("waiting doubles and ends at about a minute", () => {
  assert.equal(patience(0, 0), 2_000);
  assert.equal(patience(1, 0), 4_000);
  assert.equal(patience(50, 0), 60_000);
  assert.ok(patience(50, 1) <= 75_000);
});

test("what is not ours is nothing", () => {
  assert.equal(parse("{"), null);
  assert.equal(parse("null"), null);
  assert.equal(parse('{"topic":3}'), null);
  assert.deepEqual(parse('{"topic":"post"}'), { topic: "post", workspace: null });
});
