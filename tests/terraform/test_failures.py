"""The messages are Terraform 1.11.4's and the S3 backend's own, framed and wrapped as they print them."""

from pathlib import Path

import pytest

from iotgen.terraform.failures import failed, hint_for, interrupted

FOLDER = Path("/work dir/out/dev")

LOCKED = """
Error: Error acquiring the state lock

Error message: resource temporarily unavailable
Lock Info:
  ID:        48046d62-a00b-a618-645b-d6e0de7b7ead
  Path:      a.tfstate
"""
UNREACHABLE = """
│ Error: Failed to query available provider packages
│
│ Could not retrieve the list of available versions for provider hashicorp/aws:
│ could not connect to registry.terraform.io: failed to request discovery
│ document: Get "https://registry.terraform.io/.well-known/terraform.json":
│ dial tcp: lookup registry.terraform.io on 10.0.0.53:53: no such host
"""
NO_VERSION = """
Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider hashicorp/aws:
no available releases match the given constraints >= 6.100.0, < 7.0.0
"""
NO_CREDENTIALS = """
Error: No valid credential sources found

Error: failed to refresh cached credentials, no EC2 IMDS role found,
operation error ec2imds: GetMetadata, access disabled to EC2 IMDS via client
"""
MOVED = """
Error: Backend configuration changed

If you wish to attempt automatic migration of the state, use "terraform init
-migrate-state".
"""
BUCKET = """
Error: Failed to get existing workspaces: S3 bucket "acme-terraform-state" does not exist.
"""
LOCAL_GONE = """
Error: creating SNS Topic (t): operation error SNS: CreateTopic, exceeded maximum number of attempts, 3,
request send failed, Post "http://127.0.0.1:58547/": dial tcp 127.0.0.1:58547: connect: connection refused
"""


@pytest.mark.parametrize(
    ("output", "part"),
    [
        (LOCKED, "terraform -chdir='/work dir/out/dev' force-unlock 48046d62-a00b-a618-645b-d6e0de7b7ead"),
        (UNREACHABLE, "provider registry cannot be reached"),
        (NO_VERSION, "has no matching version"),
        (NO_CREDENTIALS, "set AWS_PROFILE"),
        ("Error: failed to get shared config profile, nope", "has no profile nope"),
        (
            "Error: api error ExpiredToken: The security token included in the request is expired",
            "log in again",
        ),
        (
            "Error: api error AccessDenied: User: x is not authorized to perform: iam:CreateRole",
            "lack a permission",
        ),
        (BUCKET, "has to exist before the first apply"),
        (MOVED, "init -migrate-state"),
        ("Error: write /x: no space left on device", "disk is full"),
        ("Error: Unsupported Terraform Core version", "too old or too new"),
        ("api error EntityAlreadyExists: Role with name x already exists.", "choose another `--suffix`"),
        (LOCAL_GONE, "The local AWS at port 58547 has stopped"),
        ("dial tcp: lookup sts.us-east-1.amazonaws.com: no such host", "AWS cannot be reached"),
        ("\x1b[31mError: Saved plan\n│ is stale\x1b[0m", "changed after the plan"),
    ],
)
def test_a_known_cause_gets_its_next_step(output: str, part: str) -> None:
    assert part in hint_for(output, FOLDER)


def test_an_unknown_cause_gets_no_hint() -> None:
    error = failed("terraform apply", "Error: something else", FOLDER)
    assert (error.message, error.hint, error.exit_code) == ("terraform apply failed", "", 3)


def test_an_interrupt_says_what_it_means_for_the_state() -> None:
    assert "its state is complete" in interrupted("terraform apply", 1, 1).message
    assert "may lack unfinished changes" in interrupted("terraform apply", 1, 2).message
    assert "may lack unfinished changes" in interrupted("terraform apply", -9, 1).message
    assert interrupted("terraform apply", 1, 1).exit_code == 3
