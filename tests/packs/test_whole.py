"""The pack as a whole, as its author would check it."""

from __future__ import annotations

import subprocess
import sys

from tests.data import ROOT
from yiwang.kernel.packs.check import check
from yiwang.kernel.packs.findings import ERROR


def test_the_checker_finds_nothing_that_would_stop_the_pack(pack):
    assert [str(found) for found in check(pack) if found.severity == ERROR] == []


def test_everything_says_where_it_comes_from(rows):
    for section in ("classes", "conditions", "crosswalk", "kinds", "reasons", "post_kinds", "units", "posts"):
        assert all(row["source"] for row in rows(section)), section
    for section in ("duties", "chiefs", "settings"):
        assert all(row["source"] for row in rows(section)), section


def test_posts_and_chiefs_are_what_the_script_makes_of_units_areas_and_roads(tmp_path):
    """Whoever changes the units must run packs/dadong/make_posts.py again."""
    folder = tmp_path / "dadong"
    (folder / "places").mkdir(parents=True)
    source = ROOT / "packs/dadong"
    named = []
    for part in ("services", "approvals"):
        (folder / part).mkdir()
        named += [f"{part}/{path.name}" for path in (source / part).glob("*.yaml")]
    for name in ("make_posts.py", "units.yaml", "places/areas.yaml", "places/roads.geojson", *named):
        (folder / name).write_bytes((source / name).read_bytes())
    subprocess.run([sys.executable, folder / "make_posts.py"], check=True)
    for name in ("posts_held.yaml", "chiefs.yaml"):
        assert (folder / name).read_bytes() == (source / name).read_bytes(), name
