"""The local AWS: MiniStack on this machine, which iotgen starts and stops, and Terraform's settings for it.

`server` starts, stops and finds it; `environment` keeps the user's AWS settings away from it and from
Terraform; `override` is the one file that points a rendered folder to it.
"""
