"""Every section and field of a pack has its word on the page."""

from yiwang.faces.rulebook import words
from yiwang.kernel.packs.files import SECTIONS


def test_every_section_of_a_pack_has_a_name(settings):
    assert [name for name in SECTIONS if words.section(name) == name] == []


def test_every_form_of_the_real_process_has_its_words(dadong):
    forms = {task.form for task in dadong.process("incident").tasks}
    assert [form for form in forms if words.form(form) == form] == []
