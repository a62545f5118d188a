"""From YAML text to checked data: load, overlay an environment, validate against the JSON Schema."""
