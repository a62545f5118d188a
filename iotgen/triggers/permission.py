"""The permission of a service to invoke a function, for the triggers that need one."""

from iotgen.model.expression import Expression
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import Call, T


def permission(
    call: Call[T], statement_id: str, principal: str, source: str | Expression, *, names_account: bool = True
) -> Rendering:
    """The permission of the service `principal` to invoke the function for `source`, an ARN.

    A source whose ARN `names_account` of this pipeline cannot be anybody else's; for others the account is
    a condition too. The permission's label is that of the trigger.
    """
    holes = {
        "label": call.trigger.label,
        "function": call.function,
        "statement_id": statement_id,
        "principal": principal,
        "source": source,
        "names_account": names_account,
    }
    return Rendering("functions", call.trigger.path, "invoke_permission", holes, moved=call.trigger.moved)
