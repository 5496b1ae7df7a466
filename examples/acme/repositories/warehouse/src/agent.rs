//! A cart that follows painted lines.

pub struct Task {
    pub from: String,
    pub to: String,
}

pub struct Agent {
    name: String,
    memory: Vec<String>,
}

impl Agent {
    pub fn new(name: &str) -> Self {
        Agent { name: name.to_string(), memory: Vec::new() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Drives from one shelf to another and remembers where it was.
    pub fn run(&mut self, task: Task) {
        self.memory.push(task.from);
        self.memory.push(task.to);
    }
}
