"""An endpoint whose requests start a workflow.

https://docs.aws.amazon.com/step-functions/latest/dg/tutorial-api-gateway.html
"""

from dataclasses import dataclass
from typing import ClassVar

from iotgen.kinds.endpoints.cors import Cors
from iotgen.kinds.endpoints.receiver import Receiver, refusal
from iotgen.kinds.workflows import start_statement
from iotgen.model.arn import PARTITION
from iotgen.model.expression import Joined, joined
from iotgen.model.kind import Resolving

SECTION = "workflows"
# JSON has no escape for a single quote, which this function makes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
_INPUT = "$util.escapeJavaScript($input.json('$')).replaceAll(\"\\\\'\",\"'\")"
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
_REFUSED = "InvalidExecutionInput"


@dataclass(frozen=True, kw_only=True)
class WorkflowReceiver(Receiver):
    """The workflow that an endpoint starts; `arn` is its own."""

    content_type: ClassVar[str] = "application/x-amz-json-1.0"

    arn: Joined

    @property
    def request(self) -> Joined:
        """The template of an execution with the body as its input."""
        return joined('{"stateMachineArn":"', self.arn, f'","input":"{_INPUT}"}}')

    @property
    def accepted(self) -> str:
        """The template of the answer with the execution."""
        return f'{self.origin}{{"execution_arn":"$input.path(\'$.executionArn\')"}}'

    @property
    def refused(self) -> str:
        """The template of the other answers: 400 for an input that is refused, 503 for all else."""
        invalid, unavailable = "Step Functions refuses the body", "the workflow was not started"
        test = f'$code.endsWith("{_REFUSED}")'
        return refusal(self.origin, "$input.path('$.__type')", test, invalid, unavailable)


def workflow_receiver(context: Resolving, key: str, role: str, cors: Cors | None) -> WorkflowReceiver:
    """The workflow with a key as a receiver of requests."""
    own = context.accesses[SECTION].arn(context, key, None)
    return WorkflowReceiver(
        key=key,
        path=(SECTION, key),
        uri=joined("arn:", PARTITION, f":apigateway:{context.region}:states:action/StartExecution"),
        role=role,
        arn=own,
        statements=(start_statement(own),),
        cors=cors,
    )
