"""What a simulation supposes of the district's processes, and the report of a reform."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.pace.conftest import NOW, count_all
from yiwang.core.process.simulation import loop
from yiwang.core.process.simulation.compiling import compile_scenario
from yiwang.kernel import jobs
from yiwang.kernel.pace import assumptions, materials, queries
from yiwang.kernel.pace.rehearsing import rehearse
from yiwang.kernel.packs.rulebook import current
from yiwang.kernel.registers.calendars import current_calendar


def assumed(kind, now=NOW):
    return assumptions.assume(
        current().process(kind),
        current_calendar(),
        now,
        queries.pace(kind, 90, now),
        assumptions.posts_by_kind(),
        materials.of_kind(current(), kind),
    )


@pytest.mark.django_db
def test_every_process_of_the_pack_can_be_played(dadong):
    for kind in dadong.kinds:
        made = assumed(kind)
        assert compile_scenario(made.scenario).places
        assert {one.origin for one in made.values} <= {"counted", "register", "pack", "assumed"}


@pytest.mark.django_db
def test_people_are_those_of_the_register_and_what_nobody_counted_says_so(dadong):
    made = assumed("incident")
    origins = {one.entry: one.origin for one in made.values}
    assert origins["people.handler"] == "register"
    assert origins["cases"] == origins["work.handle"] == origins["delay.file"] == "assumed"
    assert origins["limit.file"] == "pack"


@pytest.mark.django_db
def test_what_was_counted_is_taken(finished, monkeypatch):
    count_all()
    monkeypatch.setattr(assumptions, "ENOUGH", 3)
    queries.reset_caches()
    made = assumed("incident")
    origins = {one.entry: (one.value, one.origin) for one in made.values}
    assert origins["delay.file"][1] == "counted"
    assert origins["outcome.file.file"] == ("1.000", "counted")
    assert origins["cases"] == (str(round(5 * 365 / 90)), "counted")


@pytest.mark.django_db
def test_a_reform_is_told_with_its_difference(dadong):
    report = rehearse(
        assumed("incident"), ["cases=200", "limit=10wd"], {"more": ["people.duty_leader=+1"]}, replications=3
    )
    today, more = report["outcomes"]
    assert (today["name"], more["name"]) == ("", "more")
    assert "change" not in today["whole"]["on_time"]
    assert set(more["whole"]["on_time"]["change"]) == {"value", "low", "high"}
    assert more["posts"]["duty_leader"]["people"] == today["posts"]["duty_leader"]["people"] + 1
    assert next(one for one in report["supposed"] if one["entry"] == "cases")["origin"] == "set"
    json.dumps(report, allow_nan=False)


@pytest.mark.django_db
def test_the_command_prints_the_report_as_json(dadong, capsys):
    call_command("simulate", "incident", "--set", "cases=100", "--replications", "2", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["cases"], report["replications"], len(report["outcomes"])) == (100, 2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options",
    [
        ["--set", "people.nobody=1"],
        ["--set", "soon"],
        ["--variant", "no colon"],
        ["--from", "2026-01-01"],
        ["--replications", "0"],
    ],
)
def test_the_command_refuses_what_makes_no_sense(dadong, options):
    with pytest.raises(CommandError):
        call_command("simulate", "incident", *options)


def test_a_file_with_variants_is_read_and_a_log_is_compared(tmp_path, capsys, db):
    from tests.core.process.simulation.test_logs import made_log

    rows = ["case:concept:name,concept:name,time:timestamp"]
    for number, trace in enumerate(made_log(60).traces):
        rows += [f"{number},{name},{_iso(moment)}" for name, moment in trace]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(rows), encoding="utf-8")
    call_command("process", "fit", str(log), "--write", str(tmp_path / "found.bpmn"), "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["steps"] == 4 and abs(found["error"]["fitted"]["median"]) < 0.3
    given = tmp_path / "reform.yaml"
    given.write_text("settings: [cases=50]\nvariants:\n  fewer: [cases=20]\n", encoding="utf-8")
    call_command("simulate", str(tmp_path / "found.bpmn"), "--file", str(given), "--json")
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["outcomes"]] == ["", "fewer"]


def test_a_row_without_a_moment_is_named(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("case:concept:name,concept:name,time:timestamp\n1,accept,soon\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"Row 2|2"):
        call_command("process", "fit", str(log))


def _iso(moment):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(moment, UTC).isoformat()


@pytest.mark.django_db
def test_the_worker_compiles_what_a_rehearsal_plays_before_anybody_asks(dadong):
    (job,) = [one for one in jobs.registered() if one.name == "rehearsal_compiler"]
    assert job.beside  # half a minute, for which nothing else may wait
    assert job.run(NOW) == 1
    made = list(loop.play.signatures)
    rehearse(assumed("incident"), [], {}, replications=1)
    assert made and loop.play.signatures == made
