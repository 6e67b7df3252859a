"""Checks of the halls: services and units that are there, each service in one line of a hall."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yiwang.kernel.packs.findings import Finding, error, nearest
from yiwang.kernel.packs.packtext import PackText


def check(pack: PackText) -> Iterator[Finding]:
    services, units = pack.section("services"), pack.section("units")
    for entry in pack.section("halls").values():
        if pack.district and entry["unit"] not in units:
            yield error(
                entry.where("unit"),
                _("there is no unit %(code)s") % {"code": entry["unit"]},
                nearest(entry["unit"], units),
            )
        for n, line in enumerate(entry["lines"]):
            for slug in line["services"]:
                if slug not in services:
                    yield error(
                        entry.where("lines", n),
                        _("there is no service %(slug)s") % {"slug": slug},
                        nearest(slug, services),
                    )
