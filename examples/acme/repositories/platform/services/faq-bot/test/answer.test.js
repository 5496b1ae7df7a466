import assert from "node:assert/strict";
import test from "node:test";
import { answer } from "../src/answer.js";

const fake = {
  chat: { completions: { create: async () => ({ choices: [{ message: { content: "Two days." } }] }) } },
};

test("the reply is the model's", async () => {
  assert.equal(await answer(fake, "When does it ship?"), "Two days.");
});
