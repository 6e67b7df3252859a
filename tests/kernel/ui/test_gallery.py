"""What every page must keep to: valid structure, labels, icons that exist, nothing inline."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from yiwang.kernel.ui.vendoring import FOLDER

PACKAGE = Path(__file__).resolve().parents[3] / "yiwang"
TEMPLATES = sorted(PACKAGE.glob("*/*/templates/**/*.html"))
PATHS = ["/styleguide", "/styleguide/form", "/told", "/taken", "/nowhere"]
ICONS = set(
    re.findall(r'<symbol id="([^"]+)"', (FOLDER / "tabler-icons/sprite.svg").read_text(encoding="utf-8"))
)
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@pytest.fixture(params=[(path, language) for path in PATHS for language in ("zh-hans", "en")], ids=str)
def page(request, visitor):
    path, language = request.param
    visitor.cookies["yiwang_language"] = language
    return visitor.get(path).content.decode()


def test_every_tag_that_opens_closes(page):
    text = re.sub(r"<!--.*?-->|<!doctype[^>]*>", "", page, flags=re.DOTALL | re.IGNORECASE)
    waiting = []
    for closing, name, rest in re.findall(r"<(/?)([a-zA-Z][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>", text):
        if closing:
            assert waiting and waiting.pop() == name, f"</{name}> closes nothing"
        elif name not in VOID and not rest.rstrip().endswith("/"):
            waiting.append(name)
    assert waiting == []


def test_nothing_is_inline_that_the_policy_for_scripts_would_block(page):
    tree = html.document_fromstring(page)
    assert tree.xpath("//script[not(@src)] | //style | //*[@style] | //@*[starts-with(name(), 'on')]") == []


def test_every_id_is_used_once_and_every_link_within_the_page_leads_somewhere(page):
    tree = html.document_fromstring(page)
    ids = Counter(tree.xpath("//@id"))
    assert [name for name, count in ids.items() if count > 1] == []
    targets = [href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")]
    referred = " ".join(tree.xpath("//@aria-describedby | //@aria-labelledby | //label/@for")).split()
    assert [name for name in targets + referred if name not in ids] == []


def test_every_field_has_a_label_and_every_picture_says_what_it_shows(page):
    tree = html.document_fromstring(page)
    labelled = set(tree.xpath("//label/@for"))
    for field in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert field.get("id") in labelled or field.xpath("ancestor::label"), field.get("name")
    assert tree.xpath("//img[not(@alt)]") == []
    assert tree.xpath("//button[not(normalize-space())]") == []


def test_every_icon_of_a_page_is_in_the_sprite(page):
    assert set(re.findall(r"sprite\.svg#([\w-]+)", page)) <= ICONS


def test_a_page_is_in_one_language(visitor):
    visitor.cookies["yiwang_language"] = "en"
    visitor.get("/styleguide")  # whoever came first does not decide for the next
    visitor.cookies["yiwang_language"] = "zh-hans"
    main = html.document_fromstring(visitor.get("/styleguide").content).find(".//main")
    for other in main.xpath(
        ".//code | .//*[@lang='en']"
    ):  # names of things in files, and a sample of English
        other.drop_tree()
    text = main.text_content().replace("weather", "").replace("Yiwang", "")
    assert re.findall(r"[A-Za-z]{4,}", text) == []


def test_a_state_never_depends_on_colour_alone(visitor):
    tree = html.document_fromstring(visitor.get("/styleguide").content)
    badges = tree.xpath("//*[starts-with(@class, 'yw-due yw-due-')]")
    looks = {badge.get("class"): badge.xpath("string(.//*[local-name()='use']/@href)") for badge in badges}
    assert len(set(looks.values())) == len(looks) >= 6
    assert all(badge.text_content().strip() for badge in badges)
    for cell in tree.xpath("//li[contains(@class, 'yw-cell ')]"):
        assert len(cell.xpath("string(span[1])")) > 6


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_no_template_has_inline_script_or_style_or_an_icon_that_is_not_there(file):
    text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*(\bsrc=|type=\"application/json\"))", text)
    assert set(re.findall(r"\bicon\(\s*[\"']([\w-]+)[\"']", text)) <= ICONS


def test_every_icon_of_an_action_is_in_the_sprite():
    source = (PACKAGE / "kernel/ui/words.py").read_text(encoding="utf-8")
    names = re.findall(r'": "([\w-]+)"', source.split("def action_icon")[1].split("def ")[0])
    assert len(names) > 15 and set(names) <= ICONS
