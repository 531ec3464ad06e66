"""Graphs as loops: the second target of `minigraph.compile`, for the compiler of numba.

`nests` gathers the ops of a traced graph into nests of loops, `reading` says where an entry is,
`scalars` what an op does to entries; `writing` and `program` put the text together, and `native`
has it compiled.
"""
