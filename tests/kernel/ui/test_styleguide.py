"""The style page is what the pages use: every colour stands well, every icon and component is on it."""

import re

import pytest
from lxml import html

from yiwang.kernel.ui.styleguide import colours, samples
from yiwang.kernel.ui.vendoring import FOLDER


@pytest.mark.parametrize("pair", colours.pairs(), ids=lambda pair: f"{pair.front} on {pair.back}")
def test_every_colour_stands_well_on_its_ground_in_both_themes(pair):
    assert pair.light >= pair.least and pair.dark >= pair.least


def test_the_contrast_is_that_of_the_standard():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert colours.contrast("#0b4f8a", "#0b4f8a") == 1


def test_the_page_shows_every_icon_of_the_sprite(visitor):
    shown = {
        one.strip()
        for one in html.document_fromstring(visitor.get("/styleguide").content).xpath(
            "//section[@id='icons']//code/text()"
        )
    }
    sprite = (FOLDER / "tabler-icons/sprite.svg").read_text(encoding="utf-8")
    assert shown == set(re.findall(r'<symbol id="([^"]+)"', sprite)) == set(samples.icons())


def test_the_page_says_each_ratio_that_it_computes(visitor):
    table = html.document_fromstring(visitor.get("/styleguide").content).xpath(
        "//section[@id='colours']//tbody/tr"
    )
    assert len(table) == len(colours.pairs()) > 20
    first = colours.pairs()[0]
    assert f"{first.light:.2f}" in table[0].text_content()


def test_in_production_the_page_is_for_staff(visitor, settings):
    settings.PRODUCTION = True
    answer = visitor.get("/styleguide")
    assert answer.status_code in (302, 401) and b"yw-sg-icons" not in answer.content
