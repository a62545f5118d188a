"""The process that is the local AWS: MiniStack 1.5.33, closed and mended at its start.

Everything here runs in the server's process only, which `serve.py` begins. `assemble` puts it together:

- `gate`        lets in calls that are signed with this start's credentials (`signature`, `keys`, `refusal`)
- `sessions`    gives functions credentials that nobody can guess
- `alarms`, `policies`, `bucket_versions`, `log_keys`, `batches`, `events`    where MiniStack differs from AWS
- `workers`, `pool`, `bundles`    functions' processes share the unpacked code, and only some start at a time
- `function_logs`    what functions write, a file each
"""
