mod agent;
mod pipeline;
mod transformer;

use agent::{Agent, Task};

#[tokio::main]
async fn main() -> redis::RedisResult<()> {
    let client = redis::Client::open("redis://queue.example.org/")?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut agent = Agent::new("cart-7");
    let raw: String = redis::cmd("LPOP").arg("moves").query_async(&mut connection).await?;
    if let Some(task) = transformer::transform(&raw) {
        agent.run(task);
    }
    pipeline::complete(&mut connection, agent.name()).await
}
