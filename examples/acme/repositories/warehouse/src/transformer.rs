//! Turns messages of the old system into tasks.

use crate::agent::Task;

pub fn transform(message: &str) -> Option<Task> {
    let (from, to) = message.trim().split_once('>')?;
    Some(Task { from: from.to_string(), to: to.to_string() })
}

#[cfg(test)]
mod tests {
    use super::transform;

    #[test]
    fn a_message_becomes_a_task() {
        let task = transform("A1>B2").unwrap();
        assert_eq!((task.from.as_str(), task.to.as_str()), ("A1", "B2"));
    }
}
