"""Hints for known failures of Terraform.

Terraform's own message is already shown; a hint only adds the next step.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from iotgen.errors import RemoteError
from iotgen.terraform.state_file import state_hint


@dataclass(frozen=True)
class Cause:
    """A failure whose output matches `pattern`; `hint` may use {folder} and the pattern's named groups."""

    pattern: str
    hint: str


CAUSES = (
    Cause(
        r"Error acquiring the state lock.*?ID: +(?P<lock>\S+)(?:.*?Who: +(?P<who>\S+))?",
        "The state is locked by {who}. If that run is over and no other is in progress, unlock it: "
        "terraform -chdir={folder} force-unlock {lock}",
    ),
    Cause(
        r"Error acquiring the state lock",
        "Another run has locked the state: wait for it to end, then try again.",
    ),
    Cause(
        r"no space left on device|disk quota exceeded",
        "The disk is full: free some space, then run the same command again. The state has all finished "
        "changes.",
    ),
    Cause(
        r"ExpiredToken|token (?:included in the request )?(?:is|has) expired|"
        r"SSO session (?:associated|has expired)|refresh cached SSO token",
        "The AWS credentials have expired: log in again (`aws sso login`, or new keys), "
        "then run the same command.",
    ),
    Cause(
        r"No valid credential sources|no EC2 IMDS role found|failed to refresh cached credentials|"
        r"Unable to locate credentials",
        "Terraform found no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY; `aws sts get-caller-identity` shows who you are.",
    ),
    Cause(
        r"failed to get shared config profile,? (?P<profile>\S+)",
        "Correct AWS_PROFILE: ~/.aws/config has no profile {profile}.",
    ),
    Cause(
        r"InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId",
        "AWS does not know these credentials: check AWS_PROFILE and the AWS_* variables.",
    ),
    Cause(
        r"DeleteConflict.*?attached",
        "A policy of this pipeline, such as the one for an endpoint's callers, is attached to a user or role "
        "outside it: detach it there, then run the same command.",
    ),
    Cause(
        r"AccessDenied|is not authorized to perform|UnauthorizedOperation",
        "The AWS credentials lack a permission: grant the one that Terraform's message names.",
    ),
    Cause(
        r'bucket "?(?P<bucket>[a-z0-9.-]+)"? does not exist|NoSuchBucket',
        "The bucket for the state has to exist before the first apply: create it with versioning, "
        "or correct `state: s3: bucket:` in the spec.",
    ),
    Cause(
        r"Backend configuration (?:block has )?changed|Error asking for state migration|"
        r"migrate-state|Unset the previously set backend",
        "The backend of the state has changed. To move the state: terraform -chdir={folder} init "
        "-migrate-state. To start with an empty one: terraform -chdir={folder} init -reconfigure",
    ),
    Cause(
        r"does(?:n't| not) match any of the checksums|locked provider .* does not match configured version|"
        r"Inconsistent dependency lock file",
        "The provider is not the one that {folder}/.terraform.lock.hcl records: remove that file to let "
        "Terraform select one again.",
    ),
    Cause(
        r"no available releases match|does not have a package available for your current platform",
        "The provider's source has no matching version. Name another folder of providers with "
        "`--plugin-dir DIR` or IOTGEN_PLUGIN_DIR, or use the registry with `--plugin-dir registry`.",
    ),
    Cause(
        r"could not connect to registry|Failed to query available provider packages|"
        r"Failed to install provider|Invalid provider registry host|failed to request discovery document",
        "The provider registry cannot be reached. Name a folder with a copy of the provider with "
        "`--plugin-dir` or IOTGEN_PLUGIN_DIR; `terraform providers mirror DIR` creates one on a machine with "
        "network access.",
    ),
    Cause(
        r"Unsupported Terraform Core version|Unsupported OpenTofu Core version",
        "This Terraform is too old or too new: name another one with `--terraform` or IOTGEN_TERRAFORM.",
    ),
    Cause(r"Saved plan is stale", "The state changed after the plan was made: run the same command again."),
    Cause(
        r"AlreadyExists|already exists|ResourceConflictException|ResourceInUseException",
        "A resource of that name already exists, but not in this state: choose another `--suffix`, remove "
        "the resource, or take it over with `terraform -chdir={folder} import`.",
    ),
    Cause(
        r"dial tcp 127\.0\.0\.1:(?P<port>\d+): connect: connection refused",
        "The local AWS at port {port} has stopped: `iotgen local status` shows why. Then run the same "
        "command again.",
    ),
    Cause(
        r"dial tcp|no such host|i/o timeout|TLS handshake timeout|request send failed",
        "AWS cannot be reached: check the connection, the proxy and the region, then run it again.",
    ),
    Cause(r"permission denied", "Terraform cannot write its files: check the permissions of {folder}."),
)


def failed(step: str, output: str, folder: Path) -> RemoteError:
    """Return the error for a step (`terraform plan`) that failed with this output."""
    return RemoteError(f"{step} failed", state_hint(_flat(output), folder) or hint_for(output, folder))


def killed(step: str, signal: int) -> RemoteError:
    """Return the error for a step that was killed by a signal, for example when memory ran out."""
    return RemoteError(
        f"{step} was killed by signal {signal}; the state may lack unfinished changes",
        "Check the next plan carefully before you apply it; it also reports a leftover lock.",
    )


class InterruptedStepError(RemoteError):
    """The user interrupted Terraform."""


def interrupted(step: str, code: int, interrupts: int) -> InterruptedStepError:
    """Return the error for a step that ended with `code` after this number of interrupts."""
    if code >= 0 and interrupts == 1:
        return InterruptedStepError(
            f"{step} was interrupted; Terraform stopped gracefully and its state is complete",
            "Run the same command again to continue.",
        )
    return InterruptedStepError(
        f"{step} was stopped at once; the state may lack unfinished changes",
        "Check the next plan carefully before you apply it.",
    )


def hint_for(output: str, folder: Path) -> str:
    """Return the next step for the first known cause in `output`, or an empty string."""
    text = _flat(output)
    for cause in CAUSES:
        if match := re.search(cause.pattern, text, re.IGNORECASE):
            groups = {name: value or "another run" for name, value in match.groupdict().items()}
            return cause.hint.format(folder=shlex.quote(str(folder)), **groups)
    return ""


def _flat(output: str) -> str:
    """Terraform's output on one line, without colours and the frame around its messages."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    return re.sub(r"[\s│╷╵]+", " ", plain)
