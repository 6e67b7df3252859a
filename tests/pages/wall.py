"""Addresses of the wall."""

from tests.pages import Page

DRAWN = "#map[data-drawn]"
PAGES = {
    "wall": [
        Page("leader", "/wall", DRAWN),
        Page("leader", "/wall?area=210104002", DRAWN),
        Page("chief3-210104002009", "/wall", DRAWN),
    ],
    "wall-units": Page("leader", "/wall/units"),
    "wall-list": [
        Page("leader", "/wall/list?what=closed"),
        Page("leader", "/wall/list?what=left&link=file"),
    ],
    "wall-method": Page("leader", "/wall/method"),
}
NOT_PAGES = {
    "wall-data": "JSON",
    "wall-cells": "GeoJSON",
    "wall-points": "GeoJSON",
}
