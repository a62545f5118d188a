"""What AWS and Terraform would refuse late, found at once: one rule a module, all of them in `RULES`."""

from iotgen.checks import (
    api_timeout,
    batch_window,
    environment_size,
    key_attributes,
    max_concurrency,
    missing_file,
    missing_handler,
    missing_source,
    name_length,
    name_twice,
    overlapping_prefixes,
    parameter_size,
    reserved_variable,
    trigger_loop,
    trigger_twice,
    visibility_timeout,
)
from iotgen.checks.rule import Finding, Rule

__all__ = ["RULES", "Finding", "Rule"]

RULES: tuple[Rule, ...] = (
    missing_source.RULE,
    missing_handler.RULE,
    missing_file.RULE,
    name_length.RULE,
    name_twice.RULE,
    reserved_variable.RULE,
    environment_size.RULE,
    visibility_timeout.RULE,
    batch_window.RULE,
    max_concurrency.RULE,
    trigger_twice.RULE,
    api_timeout.RULE,
    parameter_size.RULE,
    overlapping_prefixes.RULE,
    trigger_loop.RULE,
    key_attributes.RULE,
)
