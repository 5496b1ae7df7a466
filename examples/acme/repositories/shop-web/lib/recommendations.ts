import Redis from "ioredis";

const redis = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");

/** Lists that the buyers write; nobody computes them. */
export async function goesWellWith(product: string): Promise<string[]> {
  const pipeline = redis.pipeline();
  pipeline.lrange(`goes-well-with:${product}`, 0, 5);
  pipeline.incr(`views:${product}`);
  const answers = (await pipeline.exec()) ?? [];
  return (answers[0]?.[1] as string[]) ?? [];
}
