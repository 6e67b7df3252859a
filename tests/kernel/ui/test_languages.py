from __future__ import annotations

import pytest
from django.test import RequestFactory

from yiwang.kernel.ui.languages import accepted, language_of

KNOWN = {"zh-hans", "en"}


def ask(path="/", cookie=None, **headers):
    request = RequestFactory().get(path, headers=headers)
    if cookie:
        request.COOKIES["yiwang_language"] = cookie
    return language_of(request)


def test_a_page_is_chinese_even_when_the_browser_was_installed_in_english():
    assert ask(accept_language="en-US,en;q=0.9") == "zh-hans"


def test_the_person_s_choice_wins():
    assert ask(cookie="en", accept_language="zh-CN") == "en"
    assert ask("/api/v1/matters", cookie="en", accept_language="zh-CN") == "en"


def test_a_choice_that_is_no_language_is_ignored():
    assert ask(cookie="<script>") == "zh-hans"


def test_a_program_gets_the_language_it_asks_for():
    assert ask("/api/v1/matters", accept_language="en") == "en"
    assert ask("/open311/v2/services.json", accept_language="fr, en;q=0.5") == "en"
    assert ask("/api/v1/matters") == "zh-hans"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("en-GB", "en"),
        ("fr", None),
        ("en;q=0", None),
        ("en;q=x", None),
        ("", None),
        (";;,,q=", None),
    ],
)
def test_accept_language_headers(header, code):
    assert accepted(header, KNOWN) == code


def test_switching_the_language_goes_back_to_the_page_and_holds(visitor):
    answer = visitor.post("/language", {"language": "en", "next": "/form?a=1"})
    assert answer.status_code == 302 and answer["Location"] == "/form?a=1"
    page = visitor.get("/styleguide/form")
    assert '<html lang="en"' in page.content.decode()
    assert page["Content-Language"] == "en"


def test_switching_never_leads_to_another_site(visitor):
    assert visitor.post("/language", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"
    assert visitor.post("/language", {"language": "en", "next": "//evil.example/"})["Location"] == "/"


def test_large_text_is_remembered_and_taken_back(visitor):
    visitor.post("/text-size", {"size": "large", "next": "/styleguide/form"})
    assert "yw-large" in visitor.get("/styleguide/form").content.decode()
    visitor.post("/text-size", {"size": "normal", "next": "/styleguide/form"})
    assert "yw-large" not in visitor.get("/styleguide/form").content.decode()
