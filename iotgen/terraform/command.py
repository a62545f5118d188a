"""python-terraform, with the processes run by iotgen.

The library builds the command lines. It would run them with os.environ, with output that is either captured
or inherited, and with Ctrl-C left to the terminal; `process.run` replaces that.
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

    `argv` starts each command line; `sink` receives the output lines of commands with
    `capture_output=False`; `say` reports interrupts. `last` is the result of the latest command.
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
        # The library would pass an empty variable file to each command, which a saved plan does not allow.
        self.variables = None
        self.prefix = list(argv)
        self.folder = folder
        self.env = dict(env)
        self.sink = sink
        self.say = say
        self.runner = runner
        self.last = Finished(0, "", "", 0)

    def read_state_file(self, file_path: str | None = None) -> None:
        """Do nothing: the library would read the state after each command, which iotgen does not need."""

    def generate_cmd_string(self, cmd: str, *args: str, **kwargs: Any) -> list[str]:
        """Return the library's command line, with all of `argv` as the executable."""
        built: list[str] = super().generate_cmd_string(cmd, *args, **kwargs)
        return [*self.prefix, *built[1:]]

    def cmd(self, cmd: str, *args: str, **kwargs: Any) -> tuple[int, str, str]:
        """Run a command and return its exit code, output and errors.

        `capture_output=False` streams to the sink; `env` adds to the environment. A streamed command
        returns the last lines of both streams as output. Raises RemoteError if it cannot be started.
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
