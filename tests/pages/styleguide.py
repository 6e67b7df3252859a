"""Addresses of the style page."""

from tests.pages import Page

PAGES = {
    "styleguide": Page(address="/styleguide", ready="#process [data-drawn=yes]"),
    "styleguide-form": Page(address="/styleguide/form"),
    "styleguide-asked": Page(address="/styleguide/asked", ready="form[data-ready]"),
    "styleguide-maps": Page(address="/styleguide/maps", ready="#seen[data-drawn]"),
}
NOT_PAGES = {
    "styleguide-points": "data of a map",
    "styleguide-cells": "data of a map",
}
