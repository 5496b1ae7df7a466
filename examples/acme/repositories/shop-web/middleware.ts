import { NextResponse, type NextRequest } from "next/server";
import { UAParser } from "ua-parser-js";

/** Crawlers that collect texts to train models; the shop asks them to stay away. */
const CRAWLERS = ["GPTBot", "ClaudeBot", "CCBot", "Google-Extended", "PerplexityBot", "Bytespider", "Amazonbot"];

export function middleware(request: NextRequest) {
  const userAgent = request.headers.get("user-agent") ?? "";
  if (CRAWLERS.some((name) => userAgent.includes(name))) {
    return new NextResponse("Not for crawlers", { status: 403 });
  }
  const answer = NextResponse.next();
  answer.headers.set("x-device", new UAParser(userAgent).getDevice().type ?? "desktop");
  return answer;
}
