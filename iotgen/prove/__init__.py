"""Histories of a pipeline, simulated: its handlers in an AWS that fails as the seed of each history says."""

from iotgen.prove.campaign import Broken, Campaign, Tally, UnprovableError, campaign
from iotgen.prove.history import History, Simulator
from iotgen.prove.laws import Place
from iotgen.prove.subject import Subject, subject

__all__ = [
    "Broken",
    "Campaign",
    "History",
    "Place",
    "Simulator",
    "Subject",
    "Tally",
    "UnprovableError",
    "campaign",
    "subject",
]
