"""`python -m iotgen`."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        # `-m` puts the working folder there, where a project's `yaml.py` would run in place of PyYAML.
        del sys.path[0]
    from iotgen.cli import main

    main()
