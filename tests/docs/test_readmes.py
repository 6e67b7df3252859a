"""The two READMEs say the same: headings, commands, links, pictures."""

from __future__ import annotations

from tests.docs.pages import blocks, headings, links, page

ENGLISH, CHINESE = page("README.md"), page("README.zh-CN.md")
EACH_OTHER = {"README.md", "README.zh-CN.md"}


def test_the_two_readmes_have_the_same_headings():
    assert [level for level, _text in headings(ENGLISH)] == [level for level, _text in headings(CHINESE)]


def test_the_two_readmes_give_the_same_commands():
    def commands(text: str) -> list[str]:
        lines = "\n".join(blocks(text)).splitlines()
        return [line.partition("#")[0].strip() for line in lines if not line.startswith("```")]

    assert commands(ENGLISH) == commands(CHINESE)


def test_the_two_readmes_link_to_the_same_pages_and_to_each_other():
    assert [link for link in links(ENGLISH) if link not in EACH_OTHER] == [
        link for link in links(CHINESE) if link not in EACH_OTHER
    ]
    assert "README.zh-CN.md" in links(ENGLISH)
    assert "README.md" in links(CHINESE)


def test_the_readme_fits_a_screen():
    assert len(ENGLISH.splitlines()) <= 60
