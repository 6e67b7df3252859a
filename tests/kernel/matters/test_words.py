"""Cutting texts so that any part is found again."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from yiwang.kernel.matters import words

TEXT = st.text(alphabet="路灯不亮井盖小区门口 ，。A座b3号楼１２", max_size=30)


def holds(placed: list[str], text: str) -> bool:
    """Whether these tokens, each at its place, answer the query as both databases would."""

    def phrase(one: tuple[str, ...]) -> bool:
        return any(tuple(placed[n : n + len(one)]) == one for n in range(len(placed)))

    return all(any(all(map(phrase, way)) for way in word) for word in words.wanted(text))


@given(TEXT, TEXT)
@example("路灯不。不亮", "灯不亮")
@example("A座3号楼", "a座")
@example("亮", "亮")
def test_exactly_what_stands_in_a_text_is_found(text, query):
    wanted = [run for piece in query.split() for run in words.runs(piece)]
    found = words.tokens(words.runs(text), "", ())
    assert holds(found, query) == all(any(one in run for run in words.runs(text)) for one in wanted)


@given(st.text(max_size=60), st.data())
def test_any_part_of_any_text_finds_it(text, data):
    runs = words.runs(text)
    if not runs:
        return
    run = data.draw(st.sampled_from(runs))
    begin = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(begin + 1, len(run)))
    assert holds(words.tokens(runs, "", ()), run[begin:end])


@given(st.from_regex(r"20[0-9]{6}-[0-9]{6}-[0-9]", fullmatch=True), st.data())
def test_any_four_digits_of_a_number_find_it_with_or_without_dashes(number, data):
    begin = data.draw(st.integers(0, 11))
    end = data.draw(st.integers(begin + 4, 15))
    placed = words.tokens([], number, ())
    assert holds(placed, number.replace("-", "")[begin:end])
    assert holds(placed, number)


@given(st.text(max_size=80))
def test_tokens_are_what_the_databases_take_for_one_token(text):
    for token in words.tokens(words.runs(text), "20260924-000123-7", [words.mark("u", "a-b_c.d")]):
        assert re.fullmatch(r"[^\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]+", token), token


def test_wide_letters_and_capitals_are_the_same():
    assert words.runs("ＬＥＤ屏１２号") == words.runs("led屏12号")


def test_a_text_without_letters_asks_for_nothing():
    assert words.wanted("  ，。!? ") == ()


@given(st.text("路灯井盖ab1 ，", max_size=12), st.text("路灯井盖ab1 ", max_size=5))
def test_a_word_fits_a_text_exactly_when_it_stands_in_one_of_its_runs(text, word):
    wanted = words.wanted(word)
    placed = words.tokens(words.runs(text), "", ())
    stands = all(any(piece in run for run in words.runs(text)) for piece in word.casefold().split())
    assert words.fits(placed, wanted) == stands
