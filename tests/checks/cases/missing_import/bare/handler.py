import numpy
from PIL import Image, ImageDraw
from distutils import util
import yaml


def handler(event, context):
    return numpy, Image, util
