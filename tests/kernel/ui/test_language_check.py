from __future__ import annotations

from types import SimpleNamespace

import pytest

from yiwang.kernel.ui import catalogues, language_check


def message(text, string, fuzzy=False):
    return SimpleNamespace(id=text, string=string, fuzzy=fuzzy, context=None)


def wrong(text, string, fuzzy=False):
    other = None if string is None else message(text, string, fuzzy)
    return list(language_check.compare(message(text, ""), other, "zh_Hans"))


def test_a_missing_an_empty_and_a_guessed_translation_are_each_told():
    assert wrong("Close", None) == ["the zh_Hans translation of “Close” is missing"]
    assert wrong("Close", "") == ["the zh_Hans translation of “Close” is missing"]
    assert wrong("Close", "结案", fuzzy=True) == [
        "the zh_Hans translation of “Close” is only a guess (fuzzy)"
    ]
    assert wrong("Close", "结案") == []


def test_a_translation_with_other_placeholders_is_told():
    assert wrong("%(n)s left", "剩余 %(m)s") != []
    assert wrong("%(n)s left", "剩余") != []
    assert wrong("%(n)s left", "剩余 %(n)s") == []
    assert wrong(("%(n)s day", "%(n)s days"), ("%(n)s 天",)) == []
    assert wrong(("one day", "%(n)s days"), ("%(n)s 天",)) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>{{ _('Close') }}</p>", []),
        ("<p>Close it</p>", [(1, "Close it")]),
        ("<p>{% trans %}Close{% endtrans %}</p>", []),
        ("{# a note #}\n<b\n  title='Close'>1</b>", [(3, "Close")]),
        ("<button aria-label=\"{{ _('x') }}\">×</button>", []),
        ('{% set a %}id="{{ x }}"{% endset %}{% block body_class %}wide{% endblock %}', []),
        ("<p>结案</p>", [(1, "结案")]),
        ("<a href='/work'>12345 &nbsp;</a>", []),
    ],
)
def test_words_that_nobody_marked_are_found_with_their_line(template, words):
    assert list(language_check.bare_words(template)) == words


def test_a_text_put_together_before_it_is_looked_up_is_found(tmp_path):
    package = tmp_path / "yiwang"
    (package / "kernel").mkdir(parents=True)
    (package / "kernel" / "x.py").write_text(
        'a = _("fine")\nb = _(f"no {a}")\nc = _("no" + a)\nd = _(TABLE[a])\n'
    )
    assert [finding.line for finding in language_check.unmarked_calls(package)] == [2, 3]


def test_compiling_is_done_once_for_each_change(tmp_path, monkeypatch):
    file = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(catalogues, "TRANSLATIONS", {"zh_Hans": file})
    catalogue = catalogues.new("zh_Hans")
    catalogue.add("Close", "结案")
    catalogues.write(catalogue, file)
    assert catalogues.compile_all() == [file.with_suffix(".mo")]
    assert catalogues.compile_all() == []
    assert sorted(p.name for p in file.parent.iterdir()) == ["django.mo", "django.po"]


def test_extracting_twice_changes_nothing(tmp_path, monkeypatch):
    file = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(catalogues, "TRANSLATIONS", {"zh_Hans": file})
    monkeypatch.setattr(catalogues, "TEMPLATE", tmp_path / "django.pot")
    catalogues.extract()
    catalogue = catalogues.read(file, "zh_Hans")
    catalogue["My work"].string = "我的工作"
    catalogues.write(catalogue, file)
    first = file.read_bytes()
    catalogues.extract()
    assert file.read_bytes() == first
    assert b"fuzzy" not in first


def test_every_text_of_the_pages_is_in_chinese():
    assert [str(finding) for finding in language_check.check()] == []
