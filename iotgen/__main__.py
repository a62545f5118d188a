"""`python -m iotgen`."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        # `-m` puts the working folder first, where a project's `yaml.py` would be imported for PyYAML.
        del sys.path[0]
    from iotgen.cli import main

    main()
