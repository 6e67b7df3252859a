"""Households and who is in them: kinds of household, ages, sexes, relations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of household: its share, and who is in it as words of `_PLACES`."""

    name: str
    share: float
    members: tuple[str, ...]


# Shares of households; together they give about 2.41 members a household and a third of all people over 60,
# as the census of 2020 tells of the large cities of Liaoning.
KINDS = (
    Kind("old_alone", 0.095, ("old",)),
    Kind("alone", 0.105, ("single",)),
    Kind("old_couple", 0.165, ("old", "old_spouse")),
    Kind("couple", 0.115, ("mid", "mid_spouse")),
    Kind("one_child", 0.272, ("parent", "parent_spouse", "child")),
    Kind("two_children", 0.028, ("parent", "parent_spouse", "child", "second_child")),
    Kind("lone_parent", 0.045, ("parent", "child")),
    Kind("grown_child", 0.050, ("old", "old_spouse", "grown")),
    Kind("grown_child_one_parent", 0.032, ("old", "grown")),
    Kind("three_generations", 0.062, ("parent", "parent_spouse", "child", "grandparent")),
    Kind(
        "three_generations_five",
        0.022,
        ("parent", "parent_spouse", "child", "grandparent", "grandparent_spouse"),
    ),
    Kind("grandparents", 0.010, ("old", "old_spouse", "grandchild")),
    Kind("siblings", 0.006, ("single", "sibling")),
)
RELATIONS = {
    **dict.fromkeys(("old", "single", "mid", "parent"), "head"),
    **dict.fromkeys(("old_spouse", "mid_spouse", "parent_spouse"), "spouse"),
    **dict.fromkeys(("child", "second_child", "grown"), "child"),
    **dict.fromkeys(("grandparent", "grandparent_spouse"), "parent"),
    "grandchild": "grandchild",
    "sibling": "sibling",
}
KIND_NAMES = tuple(kind.name for kind in KINDS)


@dataclass(slots=True)
class Bodies:
    """Everybody, household by household. `kind` is of households; the rest of persons."""

    kind: np.ndarray
    sizes: np.ndarray
    age: np.ndarray
    female: np.ndarray
    relation: np.ndarray  # places in `words`
    words: tuple[str, ...]

    @property
    def household_of(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def is_kind(self, *names: str) -> np.ndarray:
        """Which households are of these kinds."""
        return np.isin(self.kind, [KIND_NAMES.index(name) for name in names])

    def sum(self, values: np.ndarray) -> np.ndarray:
        """Of persons' values the sum for each household."""
        return np.add.reduceat(values, np.cumsum(self.sizes) - self.sizes)


def bodies(residents: int, rng: Rng) -> Bodies:
    """So many residents in households. The last household may be cut to fit."""
    shares = np.array([kind.share for kind in KINDS])
    sizes_of = np.array([len(kind.members) for kind in KINDS])
    kind = rng.choice(len(KINDS), size=residents, p=shares / shares.sum())
    ends = np.cumsum(sizes_of[kind])
    count = int(np.searchsorted(ends, residents)) + 1
    kind = kind[:count]
    sizes = sizes_of[kind]
    sizes[-1] -= int(ends[count - 1]) - residents
    whole = sizes_of[kind]
    starts = np.cumsum(whole) - whole
    age = np.zeros(int(whole.sum()), np.int16)
    female = np.zeros(len(age), bool)
    relation = np.zeros(len(age), np.uint8)
    words = ("head", "spouse", "child", "parent", "grandchild", "sibling")
    for number, one in enumerate(KINDS):
        rows = starts[kind == number]
        ages, sexes = _members(one, len(rows), rng)
        for place, member in enumerate(one.members):
            age[rows + place] = ages[place]
            female[rows + place] = sexes[place]
            relation[rows + place] = words.index(RELATIONS[member])
    keep = np.arange(len(age)) < residents
    return Bodies(kind, sizes, age[keep], female[keep], relation[keep], words)


def _members(kind: Kind, count: int, rng: Rng) -> tuple[list[np.ndarray], list[np.ndarray]]:
    ages: list[np.ndarray] = []
    sexes: list[np.ndarray] = []
    for member in kind.members:
        age, female = _one(member, kind, ages, sexes, count, rng)
        ages.append(np.clip(np.round(age), 0, 103).astype(np.int16))
        sexes.append(female)
    return ages, sexes


def _one(
    member: str, kind: Kind, ages: list, sexes: list, count: int, rng: Rng
) -> tuple[np.ndarray, np.ndarray]:
    """Age and sex of one place in all households of a kind; those before it are known."""
    any_sex = rng.random(count) < 0.5
    if member == "old":
        alone = kind.name == "old_alone"
        age = 60 + rng.gamma(2.2, 7.2 if alone else 5.0, count)
        if kind.name.startswith("grown"):
            age = 57 + rng.gamma(2.4, 4.8, count)
        return age, rng.random(count) < (0.64 if alone else 0.18)
    if member == "single":
        young = rng.random(count) < 0.36
        return np.where(young, rng.uniform(22, 36, count), rng.uniform(38, 60, count)), rng.random(
            count
        ) < 0.44
    if member == "mid":
        return np.where(rng.random(count) < 0.24, rng.uniform(24, 40, count), rng.uniform(45, 62, count)), (
            rng.random(count) < 0.16
        )
    if member == "parent":
        lone = kind.name == "lone_parent"
        return 25 + rng.gamma(4.6, 4.1, count), rng.random(count) < (0.72 if lone else 0.16)
    if member.endswith("spouse"):
        return ages[-1] - rng.normal(1.6, 2.6, count) * np.where(sexes[-1], -1, 1), ~sexes[-1]
    if member == "child":
        return np.clip(ages[0] - rng.normal(27.5, 3.6, count), 0, 30), any_sex
    if member == "second_child":
        return np.clip(ages[2] - rng.uniform(1, 8, count), 0, 30), any_sex
    if member == "grown":
        return np.clip(ages[0] - rng.normal(27, 3.5, count), 22, 62), rng.random(count) < 0.42
    if member == "grandparent":
        return np.clip(ages[0] + rng.normal(26, 3.5, count), 52, 98), rng.random(count) < 0.7
    if member == "grandchild":
        return np.clip(ages[0] - rng.normal(57, 5, count), 1, 20), any_sex
    return ages[0] + rng.normal(0, 4, count), any_sex  # a sibling
