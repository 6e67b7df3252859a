"""Licences for the pages of the workbench."""

from tests.kernel.records.licences import conftest as licences

card, food = licences.card, licences.food
