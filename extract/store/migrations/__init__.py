"""The steps from one version of the store to the next, a file each, run by Alembic.

A step's `revision` is the version that it makes. It repeats the tables as they were then, since
those of `extract.store.schema` go on changing.
"""
