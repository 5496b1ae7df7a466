import OpenAI from "openai";
import { WebSocketServer } from "ws";
import { answer } from "./answer.js";

const client = new OpenAI();
const server = new WebSocketServer({ port: 8090 });

server.on("connection", (socket) => {
  socket.on("message", async (text) => socket.send(await answer(client, String(text))));
});
