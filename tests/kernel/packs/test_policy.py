"""Parameters, programmes and cases in a pack: checked with file and line, kept with the version."""

from __future__ import annotations

from yiwang.core.policy.errors import MESSAGES
from yiwang.kernel.packs.policy_words import SENTENCES, WORDS


def test_every_refusal_of_core_has_its_sentence_word_for_word():
    assert SENTENCES == MESSAGES
    assert all(isinstance(word, str) for word in WORDS.values())
