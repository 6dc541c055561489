"""The commands of the command line; `extract.__main__` reads their options.

Each returns the exit status: 0 all done, 1 some inputs refused, 2 wrong usage.
"""
