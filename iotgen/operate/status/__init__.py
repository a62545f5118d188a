"""How an environment does: its resources, with their numbers of the last hour, and its alarms.

`metrics` asks CloudWatch for numbers, `counted` takes those of the local AWS from logs, `alarms` has the
states of the alarms, `collect` puts all of it together, and `forms` writes it for people and programs.
"""
