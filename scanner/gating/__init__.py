"""The parts of `scanner.gate`: what governs a change, what is read around it, and what of two sides differs."""
