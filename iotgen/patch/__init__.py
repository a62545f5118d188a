"""The escape hatch: patches of what iotgen renders, and the project's own Terraform beside it."""
