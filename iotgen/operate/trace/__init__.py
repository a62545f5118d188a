"""What happened to a reading, from the API to the tables.

`mentions` finds the log lines that name it, `invocations` what they say, `rows` its rows and `dead` its dead
letters; `story` puts these into an order, `verdict` into one line; `forms` prints. `trace` does all of it,
for many readings at once.
"""
