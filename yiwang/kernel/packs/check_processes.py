def check(pack):
    return []
