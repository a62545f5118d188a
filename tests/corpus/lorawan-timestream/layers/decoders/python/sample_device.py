def dict_from_payload(data):
    return {"payload": data}
