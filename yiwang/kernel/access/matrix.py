"""Every kind of post against every action: the pack's grants as a table that people review (权限矩阵)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yiwang.kernel.access.policy import GRANTED_ACTIONS, HALL, LICENCE, PERSON, TASK_ACTIONS, covers
from yiwang.kernel.packs.rulebook import PostKind, Rulebook

SCOPES = {"district": "D", "area": "A", "unit": "U"}
HEAD = """# Access matrix

Who may do what, by kind of post: made from the pack `{pack}` by `yiwang pack matrix`, looked at by people, and held to
the code by a test. Change the grants in `posts.yaml`, make it again, and look at what changed.

D: everywhere in the district. A: in the post's area. U: matters of the post's unit and the units under it. Several
letters joined by +: where all of them hold. A dash: never. Claiming, completing and sending back a step needs the post
that the process names, and no grant; those posts stand in the last table.
"""

APART = {PERSON: "People and households", LICENCE: "E-licences", HALL: "Service halls"}


def text(rules: Rulebook) -> str:
    """The page `docs/access-matrix.md`."""
    kinds = list(rules.post_kinds.values())
    subjects = [*rules.kinds, *APART]
    parts = [HEAD.format(pack=rules.name)]
    for subject in subjects:
        name = APART.get(subject) or rules.kinds[subject].name_en or rules.kinds[subject].name
        name = f"{name} (`{subject}`)"
        parts.append(f"\n## {name}\n\n{_table(kinds, subject)}")
    parts.append(f"\n## Steps by post\n\n{_steps(rules)}")
    return "".join(parts)


def scope_of(kind: PostKind, action: str, subject: str) -> str:
    """Where a kind of post may do `action` on such a subject: letters, '–' for nowhere."""
    found = {
        "+".join(SCOPES[word] for word in sorted(grant.scope))
        for grant in kind.grants
        if action in grant.actions and covers(grant.kinds, subject) and grant.scope
    }
    return ", ".join(sorted(found)) or "–"


def _table(kinds: Iterable[PostKind], subject: str) -> str:
    used = [
        action
        for action in sorted(GRANTED_ACTIONS)
        if any(scope_of(kind, action, subject) != "–" for kind in kinds)
    ]
    lines = [f"| post | {' | '.join(used)} |", f"|---|{'---|' * len(used)}"]
    without = []
    for kind in kinds:
        cells = [scope_of(kind, action, subject) for action in used]
        if set(cells) <= {"–"}:
            without.append(f"{kind.name} `{kind.slug}`")
        else:
            lines.append(f"| {kind.name} `{kind.slug}` | {' | '.join(cells)} |")
    never = sorted(GRANTED_ACTIONS - set(used))
    return (
        "\n".join(lines)
        + f"\n\nNothing at all: {', '.join(without) or 'nobody'}.\n"
        + f"\nGranted to nobody: {', '.join(never) or 'nothing'}.\n"
    )


def _steps(rules: Rulebook) -> str:
    """Kind of post -> the steps of processes it works (claim, complete, send back)."""
    found: dict[str, list[str]] = {slug: [] for slug in rules.post_kinds}
    for kind in rules.kinds.values():
        for node in rules.process(kind.slug).tasks:
            found.setdefault(node.post, []).append(f"{kind.slug}:{node.id}")
    lines = [f"| post | {', '.join(sorted(TASK_ACTIONS))} |", "|---|---|"]
    names: Mapping[str, PostKind] = rules.post_kinds
    for slug, steps in found.items():
        lines.append(f"| {names[slug].name} `{slug}` | {', '.join(f'`{one}`' for one in steps) or '–'} |")
    return "\n".join(lines) + "\n"
