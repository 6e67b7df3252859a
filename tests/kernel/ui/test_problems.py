from __future__ import annotations

from django.template import engines


def test_a_person_reads_who_was_faster(visitor):
    answer = visitor.get("/taken", headers={"accept": "text/html"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "王受理已于 2026年9月28日 10:15 签收该任务。" in page
    assert "已有人先行办理" in page


def test_a_program_gets_a_problem_document(visitor):
    answer = visitor.get("/api/v1/taken")
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["type"]) == (409, "urn:yiwang:problem:conflict")
    assert body["instance"] == "/api/v1/taken"
    assert visitor.get("/taken", headers={"accept": "application/json"}).json()["status"] == 409


def test_who_is_not_signed_in_goes_to_the_sign_in_page_and_comes_back(visitor):
    answer = visitor.get("/private?x=1")
    assert answer["Location"] == "/sign-in?next=/private%3Fx%3D1"
    assert visitor.post("/private")["Location"] == "/sign-in"


def test_a_program_that_is_not_signed_in_is_told_so(visitor):
    answer = visitor.get("/private", headers={"accept": "application/json"})
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"


def test_an_address_that_does_not_exist(visitor):
    assert visitor.get("/nowhere").status_code == 404
    assert "该网址下没有内容" in visitor.get("/nowhere").content.decode()
    assert visitor.get("/api/v1/nowhere").json()["status"] == 404


def test_our_own_fault_says_so_and_tells_no_internals(visitor):
    page = visitor.get("/broken")
    assert page.status_code == 500
    assert "系统故障" in page.content.decode() and "ZeroDivision" not in page.content.decode()


def test_our_own_fault_is_told_even_when_the_error_page_cannot_be_drawn(visitor, monkeypatch):
    monkeypatch.setattr("yiwang.kernel.ui.problems.render_to_string", lambda *a: 1 / 0)
    page = visitor.get("/broken")
    assert page.status_code == 500 and "稍后重试" in page.content.decode()


def test_a_form_from_a_stale_page_is_refused_with_what_to_do(visitor):
    visitor.handler.enforce_csrf_checks = True
    page = visitor.post("/language", {"language": "en"})
    assert page.status_code == 403 and "刷新页面" in page.content.decode()


def test_what_people_wrote_is_never_taken_as_markup():
    template = engines["jinja2"].from_string("{{ text }}|{{ text|paragraphs }}|{{ _('%(x)s left', x=text) }}")
    drawn = template.render({"text": "<b>\n&"})
    assert "<b>" not in drawn and drawn.count("&lt;b&gt;") == 3


def test_a_notice_is_shown_once(visitor):
    assert "任务已签收" in visitor.get("/styleguide").content.decode()
    assert visitor.get("/styleguide").content.decode().count("任务已签收") == 1
