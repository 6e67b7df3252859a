"""A column goes into Arrow and comes back: values and what is unknown."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.lake.columns import arrow_of, dtype_of, number_of, of_arrow, value_of
from yiwang.kernel.packs.rulebook import Variable


def variable(kind, choices=()):
    names = {word: (word, word) for word in choices}
    return Variable(
        *("x", "person", kind, "某", "x", names, "", None, kind == "money", kind == "date"),
        *("none", "", "", "", "illustrative"),
    )


STAGES = variable("choice", ("none", "primary", "college"))
DATES = st.dates().map(str) | st.just("never")
FACTS = {
    "money": (variable("money"), st.integers(-(10**13), 10**13)),
    "int": (variable("int"), st.integers(0, 2**31 - 1)),
    "bool": (variable("bool"), st.booleans()),
    "date": (variable("date"), DATES),
    "choice": (STAGES, st.sampled_from(list(STAGES.choices))),
}


@pytest.mark.parametrize("kind", FACTS)
@given(data=st.data())
def test_what_is_known_comes_back_and_what_is_unknown_stays_unknown(kind, data):
    what, values = FACTS[kind]
    facts = data.draw(st.lists(st.none() | values, max_size=30))
    number = number_of(what)
    column = np.array([number(v) if v is not None else 0 for v in facts], dtype_of(what))
    known = np.array([v is not None for v in facts], bool)
    found, there = of_arrow(what, pa.chunked_array([arrow_of(what, (column, known))]))
    there = np.ones(len(facts), bool) if there is None else there
    assert [value_of(what, n) if k else None for n, k in zip(found, there, strict=True)] == facts


@given(
    st.lists(st.none() | st.sampled_from(list(STAGES.choices)), min_size=2, max_size=20), st.integers(1, 5)
)
def test_words_of_a_choice_may_come_in_any_order_and_in_pieces(words, size):
    pieces = [words[n : n + size] for n in range(0, len(words), size)]
    array = pa.chunked_array([pa.array(piece, pa.string()).dictionary_encode() for piece in pieces])
    codes, known = of_arrow(STAGES, array)
    known = np.ones(len(words), bool) if known is None else known
    assert [list(STAGES.choices)[c] if k else None for c, k in zip(codes, known, strict=True)] == words


def test_a_word_that_the_pack_no_longer_has_is_unknown():
    array = pa.chunked_array([pa.array(["primary", "kindergarten"]).dictionary_encode()])
    codes, known = of_arrow(STAGES, array)
    assert codes[0] == 1
    assert known.tolist() == [True, False]
