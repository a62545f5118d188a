"""The logs of an environment: the lines of all its functions, in the order of their times.

`sources` finds the log groups, `pages` reads one of them, `line` reads a line, `wanted` says which lines are
asked for, `merge` puts the groups together, and `follow` waits for more.
"""
