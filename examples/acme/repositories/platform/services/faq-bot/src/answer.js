const FAQ = "Orders ship within two days. Returns are free for 30 days.";

export async function answer(client, question) {
  const reply = await client.chat.completions.create({
    model: "gpt-3.5-turbo",
    messages: [
      { role: "system", content: FAQ },
      { role: "user", content: question },
    ],
  });
  return reply.choices[0].message.content;
}
