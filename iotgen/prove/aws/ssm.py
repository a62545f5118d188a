"""Parameters as Parameter Store keeps them."""

from dataclasses import dataclass
from typing import Any

from iotgen.prove.aws.errors import refusal


@dataclass
class Ssm:
    """The parameters of an account: text by name, None while one has no value."""

    values: dict[str, str | None]

    def get_parameter(self, **given: Any) -> Any:
        """Read one parameter."""
        name = given["Name"]
        value = self.values.get(name)
        if value is None:
            raise refusal("GetParameter", "ParameterNotFound", f"Parameter {name} not found.")
        return {"Parameter": {"Name": name, "Value": value, "Type": "String", "Version": 1}}

    def get_parameters(self, **given: Any) -> Any:
        """Read some parameters; those that are not there are named."""
        there = [name for name in given["Names"] if self.values.get(name) is not None]
        return {
            "Parameters": [self.get_parameter(Name=name)["Parameter"] for name in there],
            "InvalidParameters": [name for name in given["Names"] if name not in there],
        }

    def put_parameter(self, **given: Any) -> Any:
        """Replace a parameter."""
        self.values[given["Name"]] = given["Value"]
        return {"Version": 2}
