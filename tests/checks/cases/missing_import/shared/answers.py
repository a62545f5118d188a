from .later import *

def answer():
    return 1

if answer():
    given = 2
