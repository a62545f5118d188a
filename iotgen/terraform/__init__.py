"""Terraform: found, given the provider, run through python-terraform, and kept sound when interrupted.

`find` names the executable, `mirror` the folder that holds the AWS provider, `command` runs Terraform,
`root_module` is what the rest of iotgen uses. Nothing outside this package imports python-terraform.
"""
