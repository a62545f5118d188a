"""Lambda's Python runtimes, and the day on which AWS ends its support of each."""

from datetime import date

# From the table of supported runtimes, https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html.
# The days from which functions can't be created or updated follow months later, and AWS moves them.
END_OF_SUPPORT = {
    "python3.10": date(2026, 10, 31),
    "python3.11": date(2027, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
}
LONGEST_SUPPORTED = max(END_OF_SUPPORT, key=lambda runtime: (END_OF_SUPPORT[runtime], runtime))
