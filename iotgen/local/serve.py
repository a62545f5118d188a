"""The entry point of the local AWS: run as a file, with the environment of `environment.for_server`.

That environment has no path to iotgen, and a checkout may not be installed: so the iotgen that this file
belongs to is added to sys.path.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    root = str(Path(__file__).parents[2])
    if root not in sys.path:
        sys.path.insert(0, root)
    from iotgen.local.emulator.assemble import main

    main()
