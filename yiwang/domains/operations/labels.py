"""The class that a sender's own label means: a code, a name, an alias or an older code of the pack."""

from __future__ import annotations

import difflib
from functools import lru_cache

from django.utils.translation import gettext as _

from yiwang.domains.operations.channels.columns import plain
from yiwang.domains.operations.classify import standards_in_use
from yiwang.kernel.errors import Invalid
from yiwang.kernel.packs.rulebook import Rulebook


def class_of_label(rules: Rulebook, label: str) -> tuple[str, str]:
    """(standard, code) of a label. Raises Invalid for an unknown one, with the nearest known name."""
    known = _by_label(rules.digest, rules)
    text = plain(label)
    for part in (text, *reversed(text.replace("/", ">").replace("-", ">").split(">"))):
        if part in known:
            return known[part]
    near = difflib.get_close_matches(text, list(known)[:2000], n=1, cutoff=0.6)
    hint = _(" Did you mean %(near)s?") % {"near": near[0]} if near else ""
    raise Invalid(
        _("%(label)s is no class of the pack.") % {"label": repr(label[:40])} + hint,
        where="label",
        code="unknown_class",
    )


@lru_cache(maxsize=4)
def _by_label(digest: str, rules: Rulebook) -> dict[str, tuple[str, str]]:
    """Names before aliases, the default standard before others, matters before components."""
    found: dict[str, tuple[str, str]] = {}
    order = sorted(standards_in_use(rules), key=lambda name: (name != rules.default_standard, name))
    kinds = ("matter", "topic", "component")
    for field in ("code", "name", "aliases"):
        for standard in order:
            for kind in kinds:
                for (own, own_kind, _code), one in rules.classes.items():
                    if own == standard and own_kind == kind:
                        for word in one.aliases if field == "aliases" else (getattr(one, field),):
                            found.setdefault(plain(word), (one.standard, one.code))
    return found
