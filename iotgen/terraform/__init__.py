"""Runs Terraform, through python-terraform, so that interrupts do not damage the state.

`find` selects the executable, `mirror` the folder with the AWS provider, `command` runs Terraform, and
`root_module` is the interface for the rest of iotgen. Nothing outside this package imports python-terraform.
"""
