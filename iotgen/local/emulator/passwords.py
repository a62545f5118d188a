"""What a password policy does not ask for is not needed. MiniStack takes what is left out for a yes.

Terraform's provider leaves out what is false.
"""

from collections.abc import Callable, Mapping
from typing import Any

_KINDS = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")


def mend_passwords(cognito: Any) -> None:
    """Make this MiniStack module ask passwords for what the policy of the pool says, and nothing else."""
    errors: Callable[[Mapping[str, Any], str], list[str]] = cognito._password_policy_errors

    def password_policy_errors(pool: Mapping[str, Any], password: str) -> list[str]:
        policy = dict.fromkeys(_KINDS, False) | pool["Policies"]["PasswordPolicy"]
        return errors({"Policies": {"PasswordPolicy": policy}}, password)

    cognito._password_policy_errors = password_policy_errors
