"""A department's file is being taken when the process is killed: nothing is half taken, nothing is doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = """
import json
from yiwang.kernel.registers.models import Person
print(json.dumps([one.id_number for one in Person.objects.order_by("id")]))
"""
DIES = """
import os
from yiwang.kernel.registers.people.files import taking
taking.CHUNK, real, left = 50, taking._write, [{after}]
def dies(model, texts):
    if left[0] == 0:
        os._exit(9)
    left[0] -= 1
    real(model, texts)
taking._write = dies
from django.core.management import call_command
call_command("registers", "import", "medical-costs", "{file}", "--as-of", "2026-09-20", "--json")
"""
COUNTS = """
import json
from yiwang.kernel.registers.models import Change, Person, PeopleFile
from yiwang.kernel.registers.people.queries import known
insured = [known(one).get("medical_own_paid") for one in Person.objects.all()]
right = sum(1 for one in insured if one is not None and one.as_of.isoformat() == "2026-09-20")
print(json.dumps([right, Change.objects.count(), PeopleFile.objects.count()]))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """run(code) -> a process of its own on a database on disk with 200 people."""
    home = tmp_path_factory.mktemp("home")
    env = {name: value for name, value in os.environ.items() if name != "YIWANG_DATABASE"}
    env |= {
        "YIWANG_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "yiwang.project.settings",
    }

    def go(code: str):
        code = f"import django\ndjango.setup()\n{code}"
        return subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
        )

    for command in (("migrate", "-v", "0"), ("pack", "load"), ("population", "make", "--residents", "200")):
        line = [sys.executable, "-m", "yiwang.project.cli", *command, "--today", "2026-09-24"]
        subprocess.run(
            line if command[0] == "population" else line[:-2], env=env, check=True, capture_output=True
        )
    go.home = home
    return go


def told(done) -> list:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_killed_at_any_chunk_it_has_taken_nothing_and_the_next_run_takes_all_once(run):
    numbers = told(run(PEOPLE))
    assert len(numbers) == 200
    file = run.home / "medical.csv"
    rows = [f"{one},{n + 0.37}" for n, one in enumerate(numbers)]
    file.write_text("身份证号,近12个月个人自付\n" + "\n".join(rows), encoding="utf-8")
    for after in (0, 1, 3):
        assert run(DIES.format(after=after, file=file)).returncode == 9
        assert told(run(COUNTS)) == [0, 0, 0]
    whole = DIES.format(after=99, file=file)
    assert json.loads(run(whole).stdout)["changed"] == 200
    assert told(run(COUNTS)) == [200, 200, 1]
    again = json.loads(run(whole).stdout)
    assert (again["changed"], again["same"]) == (0, 200)
    assert told(run(COUNTS)) == [200, 200, 1]
