import Fastify from "fastify";
import { total } from "./invoice.js";

const server = Fastify({ logger: true });

server.post("/invoices", async (request) => ({ total: total(request.body.lines) }));

await server.listen({ host: "0.0.0.0", port: 3000 });
