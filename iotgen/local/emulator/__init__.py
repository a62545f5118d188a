"""The process of the local AWS: MiniStack 1.5.33, secured and corrected at its start.

Everything here runs in the server's process only, which `serve.py` starts. `assemble` puts it together:

- `gate`        admits calls that are signed with this start's credentials (`signature`, `keys`, `refusal`)
- `sessions`    gives functions unguessable credentials
- `alarms`, `policies`, `bucket_versions`, `log_keys`, `tags`, `batches`, `throttles`, `rest_apis` and
  `events`    where MiniStack differs from AWS
- `workers`, `pool`, `bundles`    functions' processes share the unpacked code, and only some start at a time
- `function_logs`    a log file for each function
"""
