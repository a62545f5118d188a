"""`python -m iotgen`."""

from iotgen.cli import main

if __name__ == "__main__":
    main()
