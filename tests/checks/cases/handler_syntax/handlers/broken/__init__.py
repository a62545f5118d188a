from . import later
