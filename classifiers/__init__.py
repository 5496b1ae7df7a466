"""What a fact means: the knowledge base, and the rules that turn an observation into an AI finding."""
