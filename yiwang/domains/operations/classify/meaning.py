"""Vectors of words from the company they keep, so that a word of no lesson still says something.

Positive pointwise mutual information of words within a window, reduced to `DIMENSIONS` (Levy, Goldberg, "Neural
word embedding as implicit matrix factorization", 2014). Needs texts, no labels: all reports that ever came in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from yiwang.domains.operations.classify.features import word_list
from yiwang.domains.operations.classify.model import Part

DIMENSIONS = 200
WINDOW = 8
LEAST = 4  # a word that stands less often has no company to be known by
MOST_WORDS = 20_000
FEWEST_TEXTS = 200


def learn_meanings(texts: Sequence[str]) -> Part:
    """Unit vectors of the common words of normal texts; empty when there are too few texts to learn from."""
    listed = [word_list(text) for text in texts]
    often = Counter(word for words in listed for word in words)
    chosen = [word for word, count in often.most_common(MOST_WORDS) if count >= LEAST]
    if len(texts) < FEWEST_TEXTS or len(chosen) < 2 * DIMENSIONS:
        return Part(np.empty(0, np.str_), np.empty(0, np.float32), np.empty((0, DIMENSIONS), np.float32))
    chosen.sort()
    place = {word: n for n, word in enumerate(chosen)}
    counts = _company(listed, place)
    left, strength, _right = randomized_svd(_information(counts), DIMENSIONS, n_iter=3, random_state=0)
    vectors = left * np.sqrt(strength)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    within = Counter(word for words in listed for word in set(words))
    idf = np.log([(1 + len(listed)) / (1 + within[word]) for word in chosen])
    return Part(np.array(chosen, np.str_), idf.astype(np.float32), vectors.astype(np.float32))


def _company(listed: list[list[str]], place: dict[str, int]) -> sparse.csr_matrix:
    """How often two words stand within `WINDOW` words of each other."""
    # -1 stands for a rare word, and between two texts so that no pair reaches over.
    row = np.array(
        [n for words in listed for n in [place.get(w, -1) for w in words] + [-1] * WINDOW], np.int32
    )
    total = sparse.csr_matrix((len(place), len(place)), dtype=np.float32)
    for step in range(1, WINDOW + 1):
        first, second = row[:-step], row[step:]
        both = (first >= 0) & (second >= 0)
        ones = np.ones(int(both.sum()), np.float32)
        total = total + sparse.coo_matrix((ones, (first[both], second[both])), shape=total.shape).tocsr()
    return total + total.T


def _information(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    sums = np.asarray(counts.sum(axis=1)).ravel()
    smooth = sums**0.75
    smooth /= smooth.sum()
    found = counts.tocoo()
    values = np.log(found.data / (sums[found.row] * smooth[found.col]))
    good = values > 0
    return sparse.csr_matrix((values[good], (found.row[good], found.col[good])), shape=counts.shape)
