"""iotgen: one YAML spec to a serverless IoT pipeline on AWS."""

__version__ = "0.1.0"
