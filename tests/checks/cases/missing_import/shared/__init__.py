from . import later

version = 1
