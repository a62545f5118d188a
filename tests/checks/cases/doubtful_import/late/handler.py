def handler(event, context):
    import numpy
    import helper

    return numpy, helper
