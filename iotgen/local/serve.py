"""Begin the process of the local AWS: run as a file, with the environment of `environment.for_server`.

The environment names no path to iotgen, and a checkout that is not installed is on nobody's path: so the
iotgen that this file belongs to is put there.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    root = str(Path(__file__).parents[2])
    if root not in sys.path:
        sys.path.insert(0, root)
    from iotgen.local.emulator.assemble import main

    main()
