"""python-terraform with processes of our own.

The library builds the command lines. Its way to run them reads os.environ, can either capture or inherit the
output, and leaves Ctrl-C to the terminal; `process.run` replaces that.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import python_terraform  # type: ignore[import-untyped]

from iotgen.errors import RemoteError
from iotgen.system import reason
from iotgen.terraform.find import MISSING_HINT
from iotgen.terraform.process import Finished, run

Flag = python_terraform.IsFlagged
Runner = Callable[..., Finished]


class Terraform(python_terraform.Terraform):  # type: ignore[misc]
    """Terraform in one folder, with an explicit environment.

    `argv` starts each command line; `sink` gets the lines of the commands that are called with
    `capture_output=False`; `say` tells of interrupts. `last` is how the latest command ended.
    """

    def __init__(
        self,
        argv: Sequence[str],
        folder: Path,
        env: Mapping[str, str],
        *,
        sink: Callable[[str], None],
        say: Callable[[str], None],
        runner: Runner = run,
    ) -> None:
        super().__init__(working_dir=str(folder), terraform_bin_path=argv[0])
        # The library would write an empty variable file for each call, which a saved plan refuses.
        self.variables = None
        self.prefix = list(argv)
        self.folder = folder
        self.env = dict(env)
        self.sink = sink
        self.say = say
        self.runner = runner
        self.last = Finished(0, "", "", 0)

    def read_state_file(self, file_path: str | None = None) -> None:
        """Do nothing: the library would read the state after each command, for no use here."""

    def generate_cmd_string(self, cmd: str, *args: str, **kwargs: Any) -> list[str]:
        """Return the library's command line, behind all of `argv`."""
        built: list[str] = super().generate_cmd_string(cmd, *args, **kwargs)
        return [*self.prefix, *built[1:]]

    def cmd(self, cmd: str, *args: str, **kwargs: Any) -> tuple[int, str, str]:
        """Run a command and return its exit code, output and errors.

        `capture_output=False` streams to the sink; `env` adds to the environment. A streamed command
        returns the last lines of both as output. Raises RemoteError when the executable can't be started.
        """
        captured = kwargs.pop("capture_output", True) is True
        env = {**self.env, **kwargs.pop("env", {})}
        argv = self.generate_cmd_string(cmd, *args, **kwargs)
        try:
            self.last = self.runner(
                argv, folder=self.folder, env=env, sink=None if captured else self.sink, say=self.say
            )
        except OSError as error:
            message = f"cannot run {argv[0]} in {self.folder}: {reason(error)}"
            raise RemoteError(message, MISSING_HINT) from error
        return self.last.code, self.last.stdout, self.last.stderr
