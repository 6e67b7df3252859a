"""Reports as residents' apps send them: a text, a point inside the district, an id of the sender's own."""

from __future__ import annotations

import json
from random import Random

from uuid_utils import uuid7

_TEXTS = (
    "路灯不亮好几天了，晚上黑漆漆的",
    "人行道上停满了车，老人推车都过不去",
    "垃圾堆在路边没人收，味道很大",
    "路面有个大坑，骑车差点摔了",
    "井盖松了，车一压咣当响",
    "半夜还在放音响唱歌，孩子睡不着",
    "共享单车堆成山，盲道全占了",
    "雨水篦子被落叶堵死，一下雨就积水",
)
# Inside Dadong, WGS 84.
_WEST, _EAST, _SOUTH, _NORTH = 123.470, 123.500, 41.805, 41.825


def report(rng: Random) -> tuple[str, bytes]:
    """(id, body) of a new report."""
    key = str(uuid7())
    said = {
        "id": key,
        "text": f"{rng.choice(_TEXTS)}，{rng.randrange(1, 900)}号附近",
        "point": {
            "lon": round(rng.uniform(_WEST, _EAST), 6),
            "lat": round(rng.uniform(_SOUTH, _NORTH), 6),
            "system": "WGS84",
        },
        "contact_phone": f"1380013{rng.randrange(10_000):04d}",
    }
    return key, json.dumps(said, ensure_ascii=False).encode()
