"""A domain of yours at which the API answers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
"""

from dataclasses import dataclass

from iotgen.model.kind import Settings


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A domain name of the type of its API; `path` is the first part of the paths below it, empty for none.

    `zone` is the id of the Route 53 zone that gets its record, `only` whether the API answers nowhere else.
    """

    name: str
    certificate: str
    path: str
    zone: str | None
    only: bool

    @property
    def url(self) -> str:
        """The address of the API below it."""
        return f"https://{self.name}" + (f"/{self.path}" if self.path else "")


def domain_of(settings: Settings | None) -> Domain | None:
    """What the spec's `domain` means."""
    if settings is None:
        return None
    return Domain(
        name=settings["name"],
        certificate=settings["certificate"],
        path=settings["path"],
        zone=settings.get("zone"),
        only=settings["only"],
    )
