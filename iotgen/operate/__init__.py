"""What acts on an environment that is deployed, through boto3's clients, which are arguments.

`secrets` sets the values of secure parameters. `dlq` works on dead letters. `preflight` looks at an account
before an apply. `refusal` words what AWS refuses.
"""
