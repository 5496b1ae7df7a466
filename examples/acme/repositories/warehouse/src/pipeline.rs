//! The belts from gate to shelf.

use redis::aio::MultiplexedConnection;

pub async fn complete(connection: &mut MultiplexedConnection, agent: &str) -> redis::RedisResult<()> {
    let mut pipeline = redis::pipe();
    pipeline.incr("completions", 1).ignore();
    pipeline.set("last-agent", agent).ignore();
    pipeline.query_async(connection).await
}
