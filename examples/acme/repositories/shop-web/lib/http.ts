import { request } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";

const agent = process.env.HTTPS_PROXY ? new HttpsProxyAgent(process.env.HTTPS_PROXY) : undefined;

export function get(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, headers: { "user-agent": "acme-shop/5.12 (+https://shop.example.org/bot)" } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on("error", reject);
    call.end();
  });
}
