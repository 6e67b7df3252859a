"""The signed file, without a database: whatever is changed in it is found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.errors import Problem
from yiwang.kernel.records import signing
from yiwang.kernel.records.licences import document, rendering

PDF = b"%PDF-1.7\nstand-in for a drawn page\nstartxref\n9\n%%EOF\n"
STATEMENT = {"what": "licence", "number": "SP-2026-000001", "version": 1}


@pytest.fixture(scope="module")
def file() -> bytes:
    return document.wrap(PDF, STATEMENT)


def test_an_unchanged_file_is_good_and_says_what_it_is(file):
    found = document.verify(file)
    assert found.good and found.statement["number"] == "SP-2026-000001"
    assert document.verify(file, {}).faults == ("unknown_key",)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_changed_byte_is_found(data):
    file = document.wrap(PDF, STATEMENT)
    place = data.draw(st.integers(0, len(file) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda one: one != file[place]))
    assert not document.verify(file[:place] + bytes([value]) + file[place + 1 :]).good


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_bytes_that_are_added_or_cut_off_are_found(data):
    file = document.wrap(PDF, STATEMENT)
    place = data.draw(st.integers(0, len(file) - 1))
    assert not document.verify(file[:place]).good
    assert not document.verify(
        file[:place] + data.draw(st.binary(min_size=1, max_size=40)) + file[place:]
    ).good


@given(st.binary(max_size=300))
def test_whatever_is_given_there_is_an_answer(noise):
    assert not document.verify(noise).good
    assert not document.verify(b"%PDF-1.7" + document.MARK + noise).good


def test_a_file_signed_with_a_strange_key_is_told_apart(file, settings):
    settings.SIGN_KEY = "the secret of somebody who makes licences at home"
    forged = document.wrap(PDF, STATEMENT)
    assert document.verify(forged).good  # by its own key
    settings.SIGN_KEY = "x" * 40
    _name, key, public = signing.own_public()
    assert document.verify(forged, {key: public}).faults == ("unknown_key",)


def test_another_algorithm_is_a_plugin(settings):
    settings.SIGN_ALGORITHM = "tests.kernel.records.licences.test_document:Toy"
    found = document.verify(document.wrap(PDF, STATEMENT))
    assert found.good
    with pytest.raises(Problem, match="ed25519"):
        signing.algorithm("sm2")


class Toy:
    """No signature at all, only the shape of one."""

    name = "toy"

    def public(self, secret: bytes) -> bytes:
        return b"public of " + secret[:4]

    def sign(self, secret: bytes, data: bytes) -> bytes:
        import hashlib

        return hashlib.sha256(self.public(secret) + data).digest()

    def verify(self, public: bytes, data: bytes, signature: bytes) -> bool:
        import hashlib

        return hashlib.sha256(public + data).digest() == signature


def test_text_of_a_holder_is_drawn_as_text_whatever_it_contains():
    content = {
        "title": "#panic()", "title_en": "", "number": "]#[*_`$", "rows": [["\\#", '"); #sys'], ["𠮷", "喆"]],
        "values": {}, "issuer": "<label>", "issued": "@cite", "note": "//",
    }  # fmt: skip
    assert rendering.render(content, "https://city.example/a").startswith(b"%PDF-")
