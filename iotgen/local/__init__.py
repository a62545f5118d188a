"""The local AWS: MiniStack on this machine, started and stopped by iotgen, and what makes Terraform use it.

`server` starts, stops and finds it; `environment` keeps the user's AWS settings away from it and from
Terraform; `override` is the one file that makes a rendered folder a local one.
"""
