"""The loop of a developer: dev."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from iotgen.cli import options
from iotgen.cli.confirm import Consent
from iotgen.cli.console import print_problems, say, show, to_stderr
from iotgen.cli.view import View
from iotgen.errors import IotgenError, UsageError
from iotgen.problem import Severity

if TYPE_CHECKING:
    from iotgen.build import Checked
    from iotgen.deploy import Deployment
    from iotgen.dev.version import Version
    from iotgen.model.pipeline import Pipeline
    from iotgen.problem import Problem


@click.command()
@options.spec
@options.terraform_locally
@options.yes
@options.allow_destroy
def dev(spec: Path, yes: bool, allowed: tuple[str, ...], **values: Any) -> None:
    """Keep the local AWS up to date with each save, and show what happens there, until Ctrl-C.

    Changed code goes live within seconds, without Terraform; the next `iotgen apply` settles that. Where
    resources change, it is an apply, with its review and confirmation.
    """
    from iotgen.deploy import Target
    from iotgen.dev.alone import alone

    if values["target"] != Target.LOCAL:
        raise UsageError(
            "`iotgen dev` is for the local AWS: on AWS, code past Terraform is drift for everybody",
            "Omit `--target aws` here; `iotgen apply` deploys there.",
        )
    deployment = options.deployment(values, sink=to_stderr)
    with alone(deployment.out, deployment.suffix):
        _Loop(spec, deployment, Consent(yes, frozenset(allowed))).run()


class _Loop:
    """Looks at the project after each save, and puts live what differs."""

    def __init__(self, spec: Path, deployment: Deployment, consent: Consent) -> None:
        from iotgen.dev.watch import Watch

        self._spec, self._deployment, self._consent = spec, deployment, consent
        self._changed = Event()
        self._watch = Watch(self._changed)
        self._view = View()
        self._live: Version | None = None
        self._instance = ""
        self._errors: frozenset[Problem] = frozenset()
        self._warnings: frozenset[Problem] = frozenset()
        self._beside: dict[
            str, str
        ] = {}  # the digest that Terraform knows of each function put live without it

    def run(self) -> None:
        """Deploy, then look after each save until Ctrl-C; the first deployment has to succeed."""
        try:
            if not self._look():
                sys.exit(1)
            say("Watching for saves; Ctrl-C ends it.")
            while True:
                self._changed.wait()
                self._changed.clear()
                self._look_again()
        except KeyboardInterrupt:
            self._say_end()
        finally:
            self._watch.end()
            self._view.end()

    def _look_again(self) -> None:
        """Look, and show what goes wrong: the last good version stays live."""
        from iotgen.terraform.failures import InterruptedStepError

        try:
            self._look()
        except InterruptedStepError:
            raise
        except IotgenError as error:
            with self._view.silent():
                show(error)
        except SystemExit:
            return  # a render found more problems, and has shown them

    def _look(self) -> bool:
        """Put live what the files are now; whether they are without errors."""
        from iotgen.build import check, zips

        began = time.monotonic()
        checked = _here(check(self._spec, self._deployment.suffix))
        self._follow(checked)
        self._show_problems(checked)
        if not checked.sound or checked.pipeline is None:
            return False
        with TemporaryDirectory(prefix="iotgen-") as folder:
            built = zips(checked.pipeline, checked.root, Path(folder))
            digests = {path: artifact.sha256 for path, artifact in built.items()}
            self._act(checked, checked.pipeline, digests, Path(folder), began)
        return True

    def _follow(self, checked: Checked) -> None:
        """Watch the places that the spec names now; where it cannot be read, those of before."""
        from iotgen.dev.watch import places

        if checked.sources.named:
            named = (one.name for one in checked.sources.named)
            self._watch.on(places(checked.root.absolute(), self._spec, named, self._deployment.out))

    def _show_problems(self, checked: Checked) -> None:
        """Show errors that differ from those shown last, and warnings that are new."""
        found = [one for one in checked.problems if one.severity is not Severity.INFO]
        errors = frozenset(one for one in found if one.severity is Severity.ERROR)
        warnings = frozenset(replace(one, line=1, column=1) for one in found) - errors
        # The first deployment shows the warnings itself.
        new = warnings - self._warnings if self._live or errors else frozenset()
        listed = [one for one in found if one in errors or replace(one, line=1, column=1) in new]
        with self._view.silent():
            if errors != self._errors or new:
                print_problems(listed, checked.texts)
            if errors and errors != self._errors and self._live:
                say("What was live before stays live.")
            if self._errors and not errors:
                say("The errors are gone.")
        self._errors, self._warnings = errors, self._warnings if errors else warnings

    def _act(
        self, checked: Checked, pipeline: Pipeline, digests: dict[str, str], folder: Path, began: float
    ) -> None:
        from iotgen import project
        from iotgen.dev.decision import decide
        from iotgen.dev.version import version

        saved = version(
            pipeline,
            checked.sources,
            project.built_in_templates().get,
            overrides=checked.overrides,
            own=checked.own.texts,
            digests=digests,
        )
        live = self._live if self._running() == self._instance else None
        decision = decide(live, saved)
        if live is None or decision.resources:
            self._apply(checked, pipeline, saved, decision.resources if live else ())
        elif decision.code:
            self._put(pipeline, decision.code, saved, folder, began)

    def _apply(
        self, checked: Checked, pipeline: Pipeline, saved: Version, resources: tuple[str, ...]
    ) -> None:
        """Apply as `iotgen apply` does; what is saved meanwhile is looked at afterwards."""
        from iotgen.cli.deployment import brought
        from iotgen.deploy import clients_in
        from iotgen.history.record import Action

        with self._view.silent():
            if resources:
                say(f"Resources change: {_listed(self._words(checked, pipeline, resources))}")
            brought(self._spec, self._deployment, self._consent, action=Action.APPLY)
        self._live, self._instance = saved, self._running()
        self._beside.clear()
        self._view.show(pipeline, clients_in(self._deployment, pipeline.region))
        if resources:
            say("Live again.")

    def _words(self, checked: Checked, pipeline: Pipeline, resources: tuple[str, ...]) -> tuple[str, ...]:
        from iotgen import project
        from iotgen.dev.decision import words
        from iotgen.render.render import owners

        made = owners(pipeline, project.built_in_templates().get)
        return words(resources, pipeline, checked.document, made)

    def _put(
        self, pipeline: Pipeline, keys: tuple[str, ...], saved: Version, folder: Path, began: float
    ) -> None:
        """Put the code of functions live; each that is counts, whatever becomes of the next one."""
        from iotgen.deploy import clients_in
        from iotgen.kinds.functions import Function
        from iotgen.operate.code import CodeUpdates

        updates = CodeUpdates(clients_in(self._deployment, pipeline.region)("lambda"))
        for key in keys:
            function = pipeline.get(Function, key)
            digest = updates.put(function.name, (folder / function.zip).read_bytes())
            self._note(key, digest)
            seconds = time.monotonic() - began
            with self._view.silent():
                say(f"{key} is live after {seconds:.1f} s, without Terraform")

    def _note(self, key: str, digest: str) -> None:
        """Remember what is live, and whether the next apply has something to settle."""
        if self._live:
            known = self._beside.setdefault(key, self._live.code[key])
            self._live = replace(self._live, code={**self._live.code, key: digest})
            if known == digest:
                del self._beside[key]

    def _running(self) -> str:
        """Which start of the local AWS runs, empty if none does."""
        from iotgen.local import server

        aws = server.status(self._deployment.local)
        return aws.instance if aws else ""

    def _say_end(self) -> None:
        if self._beside:
            command = f"iotgen apply --target local --suffix {self._deployment.suffix}"
            say(f"Terraform does not know the code of {', '.join(self._beside)}: `{command}` settles that.")


def _here(checked: Checked) -> Checked:
    """What was checked, with what this machine's Python cannot load."""
    from iotgen.dev.here import unloadable

    if checked.pipeline is None:
        return checked
    more = map(checked.document.problem, unloadable(checked.pipeline, checked.sources))
    return replace(checked, problems=tuple(sorted({*checked.problems, *more})))


_MOST = 10


def _listed(words: tuple[str, ...]) -> str:
    more = f" and {len(words) - _MOST} more" if len(words) > _MOST else ""
    return ", ".join(words[:_MOST]) + more


COMMANDS = (dev,)
