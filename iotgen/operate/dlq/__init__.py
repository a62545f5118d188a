"""Dead letters: listed, grouped, replayed, edited, sent again and dropped.

`queues` names the dead-letter queues of a pipeline, `letter` reads one message, `shape` its structure.
`receiving` goes through a queue and hides nothing for longer than it takes. `kept` is the file that has
whatever is taken away, before it is. `redrive`, `drop`, `edit` and `replay` act on letters.
"""
