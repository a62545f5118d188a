from . import sibling
from readings import http
import shared.anwsers
from shared.answers import anwser
from shared.later import answer
import tomllib
import yaml.nodes
import PIL


def handler(event, context):
    return sibling, http, shared, anwser, answer, tomllib, yaml, PIL
