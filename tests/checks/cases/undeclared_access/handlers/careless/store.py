import os


class Store:
    def __init__(self):
        self.config = os.environ["PARAMETER_CONFIG"]

    def read(self):
        return self.config
