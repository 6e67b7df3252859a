"""Addresses of the register of people. Nothing personal stands in an address: a person is an id."""

from __future__ import annotations

from django.urls import path

from yiwang.faces.people import files, finding, mine

urlpatterns = [
    path("people", finding.find, name="people"),
    path("people/files", files.files, name="people-files"),
    path("people/<uuid:id>", finding.show, name="person"),
    path("people/<uuid:id>/code", finding.code, name="person-code"),
    path("people/<uuid:id>/export", finding.export, name="person-export"),
    path("people/<uuid:id>/erase", finding.erase, name="person-erase"),
    path("my-data", mine.prove, name="my-data"),
    path("my-data/held", mine.show, name="my-data-held"),
    path("my-data/copy", mine.copy, name="my-data-copy"),
    path("my-data/end", mine.end, name="my-data-end"),
]
