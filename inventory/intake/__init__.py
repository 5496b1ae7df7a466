"""Takes in what an organisation has declared already: scope statements and inventories, as `aims-scope.yaml`.

Readers turn a file into blocks, recognisers read the blocks by meaning, and a plan holds what was read against the scope
document that is there. Nothing is guessed in silence: every field says where it came from, and what was not understood
is kept in the trace beside the scope document.
"""
