"""A person's licences are among what is held about her."""

from tests.conftest import at
from tests.kernel.people.made import HUALU
from tests.people import person
from yiwang.kernel.access.actors import SYSTEM
from yiwang.kernel.registers.people import actions, held

NOW = at("2026-09-24T12:00")


def test_a_licence_is_given_out_to_its_holder_and_named_as_kept_when_the_rest_is_erased(card, food):
    one = actions.register_person(
        actor=SYSTEM,
        name=card.holder,
        id_number=card.holder_number,
        area=HUALU,
        since=NOW.date(),
        now=NOW,
    )
    (given,) = held.everything(one, NOW)["licences"]["licences"]
    assert given["number"] == card.number
    assert "小河沿社区" in str(given["content"])
    done = held.erase(actor=person("people-steward"), person=one.pk, reason="本人书面申请删除", now=NOW)
    assert ("licences", 1) in {(kept.what, kept.count) for kept in done.kept}
