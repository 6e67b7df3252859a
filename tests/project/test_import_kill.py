"""A department's file, or a roll, is being taken when the process is killed: nothing is half taken, nothing is doubled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernel.people.made import HUALU, number
from tests.kernel.people.test_roll import HEADER

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


ROLL = """
import os, signal
from django.db import connection
from django.core.management import call_command
written = 0
def watch(execute, sql, params, many, context):
    global written
    written += sql.startswith(("INSERT", "UPDATE"))
    if written == {dies_at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(watch):
    call_command("registers", "roll", "{file}", "--json")
"""
ROLLED = """
import json
from yiwang.kernel.registers.models import Change, Household, Person
new = [one for one in Person.objects.all() if one.name == "新住户"]
heard = Change.objects.filter(what="registered").count()
print(json.dumps([len(new), len({one.household_id for one in new}), heard]))
"""


@pytest.fixture(scope="module")
def peopled(tmp_path_factory):
    """A folder with a database on disk that holds 200 people."""
    home = tmp_path_factory.mktemp("home")
    for command in (
        ("migrate", "-v", "0"),
        ("pack", "load"),
        ("population", "make", "--residents", "200", "--today", "2026-09-24"),
    ):
        line = [sys.executable, "-m", "yiwang.project.cli", *command]
        subprocess.run(line, env=environment(home), check=True, capture_output=True)
    return home


def environment(home: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "YIWANG_DATABASE"}
    return env | {
        "YIWANG_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "yiwang.project.settings",
    }


@pytest.fixture
def run(peopled, tmp_path):
    """run(code) -> a process of its own on a copy of that folder, `run.home`."""
    home = shutil.copytree(peopled, tmp_path / "home")

    def go(code: str):
        code = f"import django\ndjango.setup()\n{code}"
        return subprocess.run(
            [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=False
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


def test_a_roll_that_is_killed_brings_nobody_and_the_next_one_everybody_once(run):
    file = run.home / "roll.csv"
    lines = (
        f"{number('19700101', n)},新住户,N{n // 3},{'户主' if n % 3 == 0 else '其他'},{HUALU},大东路9号,,2020-05-06"
        for n in range(60)
    )
    file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    for statement in (1, 3):
        assert run(ROLL.format(dies_at=statement, file=file)).returncode == -9
        assert told(run(ROLLED)) == [0, 0, 0]
    assert told(run(ROLL.format(dies_at=-1, file=file) + ROLLED)) == [60, 20, 60]
    assert told(run(ROLL.format(dies_at=-1, file=file) + ROLLED)) == [60, 20, 60]
