"""What runs in a handler's own process, as files that Python starts: nothing here imports iotgen."""
