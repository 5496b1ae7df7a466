"""The evaluation of AI discovery in code: real packages, labelled by hand (docs/evaluation-code.md)."""
