"""Static analysis of handlers: the variables, operations and modules that their code uses.

If the code leaves a question open, no problem is reported.
"""
