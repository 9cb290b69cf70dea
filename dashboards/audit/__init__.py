"""A run counted once more, in SQL: from its recorded facts to every figure, sharing no code with the stream.

Only wire types and the files of definitions are the same; the rules are written anew from docs/semantics.md.
"""
