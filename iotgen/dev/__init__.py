"""The loop of a developer: what a save of a file changes, and how that goes live.

`watch` tells when files may have changed, `version` is what they would deploy, `decision` what of it is new,
and `counts` what has become of messages and rows. `alone` keeps two loops of one environment apart.
"""
