"""What changed between two versions of a pack, in words, and which running matters keep the older one."""

import pytest

from yiwang.faces.rulebook import changes
from yiwang.kernel.packs import contents

pytestmark = pytest.mark.django_db


def test_a_changed_limit_a_changed_duty_and_a_changed_step_are_told_in_words(changed_town, english):
    groups = {
        group.section: group
        for group in changes.groups(contents.body(changed_town.first), contents.body(changed_town.second))
    }
    limit = groups["conditions"].told[0]
    assert (limit.what, limit.title, limit.note) == ("changed", "垃圾暴露", "06010 暴露垃圾")
    assert [(line.name, line.old, line.new) for line in limit.lines] == [
        ("limit", "4 working hours", "2 working hours")
    ]
    duty = groups["duties"].told[0]
    assert (duty.title, duty.note) == ("06", "西街道")
    assert [(line.old, line.new) for line in duty.lines] == [("西街道办", "路灯所")]
    (process,) = changes.drawn(contents.body(changed_town.first), contents.body(changed_town.second))
    assert (process.changed, process.added, process.removed) == (("file",), (), ())
    assert [(line.name, line.old, line.new) for line in process.told[0].lines] == [
        ("limit", "1 working hour", "2 working hours")
    ]


def test_compared_with_itself_nothing_changed(changed_town):
    body = contents.body(changed_town.second)
    assert changes.groups(body, body) == [] and changes.drawn(body, body) == []


def test_what_came_is_what_went_the_other_way_round(changed_town):
    first, second = contents.body(changed_town.first), contents.body(changed_town.second)
    there, back = changes.groups(first, second), changes.groups(second, first)
    swap = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [[swap[one.what] for one in group.told] for group in there] == [
        [one.what for one in group.told] for group in back
    ]
    assert [(line.old, line.new) for line in there[1].told[0].lines] == [
        (line.new, line.old) for line in back[1].told[0].lines
    ]


def test_all_changes_of_a_section_are_counted_and_the_first_told(changed_town):
    bodies = contents.body(changed_town.first), contents.body(changed_town.second)
    for whole, short in zip(changes.groups(*bodies), changes.groups(*bodies, 0), strict=True):
        assert (short.told, short.counts, short.more) == (
            (),
            whole.counts,
            len(whole.told),
        ) and whole.more == 0


def test_a_node_that_came_and_one_that_went_are_marked():
    from tests.kernel.packs.sample import PROCESS
    from yiwang.core.process import read

    longer = PROCESS.replace('id="f2" sourceRef="file" targetRef="handle"', 'id="f2" sourceRef="file" targetRef="look"').replace(
        '<bpmn:endEvent', '<bpmn:userTask id="look" name="查看" yiwang:post="handler" yiwang:outcomes="done"/>\n'
        '<bpmn:sequenceFlow id="f9" sourceRef="look" targetRef="handle"/>\n<bpmn:endEvent', 1)  # fmt: skip
    was, now = read(PROCESS.encode()), read(longer.encode())
    found = changes.process_changes("incident", was, now)
    assert set(found.added) == {"look", "f9"} and "f2" in found.changed and found.removed == ()
    back = changes.process_changes("incident", now, was)
    assert set(back.removed) == {"look", "f9"} and back.added == ()


def test_the_page_tells_both_versions_and_how_many_matters_keep_the_older(changed_town, client, english):
    from yiwang.kernel.access.models import User

    client.cookies["yiwang_language"] = "en"
    client.force_login(
        User.objects.create_user("engineer", name="孙工"), backend="yiwang.kernel.access.signin.PostsBackend"
    )
    listed = client.get("/rules/versions").content.decode()
    assert "town 2" in listed and "in force" in listed and "engineer" in listed
    page = client.get(
        f"/rules/versions/compare?old={changed_town.first}&new={changed_town.second}"
    ).content.decode()
    assert "4 working hours" in page and "2 working hours" in page
    assert f"pack={changed_town.first}" in page and 'data-changed="file"' in page
    assert "Running matters that keep the older version 1" in page
