"""A plan as people review it: in the spec's words, by its lines, with permissions in words.

`review` makes it of a plan's contents; `text`, `markdown` and `data` are its forms, without sensitive values.
"""
