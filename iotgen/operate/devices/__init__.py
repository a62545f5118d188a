"""Devices of AWS IoT: enrols each with a certificate of its own, and takes it out again.

Terraform has no part in it, so no certificate and no key is ever in its state. What a device may do is the
policy of its group: a certificate that belongs to no thing of a group may do nothing.
"""
