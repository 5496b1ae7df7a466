import assert from "node:assert/strict";
import test from "node:test";
import { total } from "../src/invoice.js";

test("lines add up", () => {
  assert.equal(total([{ count: 2, cents: 250 }, { count: 1, cents: 99 }]), 599);
});
