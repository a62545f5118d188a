"""What takes the requests of an endpoint without a function: API Gateway calls its service itself.

AWS documents no condition, on the account or the API, for who may assume the role by which it does.
https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from iotgen.kinds.endpoints.cors import Cors, mapped
from iotgen.model.expression import Joined
from iotgen.model.policy import Statement
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Receiver(ABC):
    """The resource `key` that an endpoint calls at `uri`; `role` is the name of the role by which it may.

    `content_type` is that of the call, `is_fifo` whether it is a queue or topic that wants message groups.
    """

    content_type: ClassVar[str]

    key: str
    path: Path
    uri: Joined
    role: str
    is_fifo: bool = False
    statements: tuple[Statement, ...]
    cors: Cors | None

    @property
    @abstractmethod
    def request(self) -> str | Joined:
        """The template of the call."""

    @property
    @abstractmethod
    def accepted(self) -> str:
        """The template of the answer to a body that is taken."""

    @property
    @abstractmethod
    def refused(self) -> str:
        """The template of the other answers: 400 for what the service refuses, 503 for all else."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of each answer."""
        return mapped(self.cors.headers_of_all) if self.cors else {}

    @property
    def declared(self) -> dict[str, bool]:
        """The headers that the method is declared to answer with."""
        return dict.fromkeys(self.headers, True)

    @property
    def origin(self) -> str:
        """What a template begins with where several origins may call."""
        return (self.cors.template if self.cors else None) or ""


def refusal(origin: str, code: str, test: str, invalid: str, unavailable: str) -> str:
    """The template of answers to what is not taken: 400 where the `code` passes a `test`, else 503."""
    return (
        f"{origin}#set($code = {code})\n"
        f"#if({test})#set($context.responseOverride.status = 400)\n"
        f'{{"error":{{"code":"invalid_body","message":"{invalid}","details":[]}}}}\n'
        "#else\n"
        f'{{"error":{{"code":"unavailable","message":"{unavailable}","details":[]}}}}\n'
        "#end\n"
    )
