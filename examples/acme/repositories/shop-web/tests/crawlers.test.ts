import { expect, test } from "vitest";
import { NextRequest } from "next/server";
import { middleware } from "../middleware";

test("a crawler is sent away", () => {
  const headers = { "user-agent": "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)" };
  expect(middleware(new NextRequest("https://shop.example.org/", { headers })).status).toBe(403);
});
