"""Learning the classifier from confirmed classes. Runs in the worker or on the command line, never in a request.

Two linear models over the same features are averaged: a support vector machine on features scaled by how much
they speak for a class (Wang, Manning, "Baselines and bigrams", 2012), and ridge regression that also sees the
meaning of the words. The sharpness of the probabilities is fitted on texts held back from the fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from scipy import sparse
from scipy.optimize import minimize_scalar
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

from yiwang.domains.operations.classify import features
from yiwang.domains.operations.classify.meaning import learn_meanings
from yiwang.domains.operations.classify.model import LOGS, Model, Part

MOST_TERMS = 60_000
MEANING_SHARE = 0.9
FOLDS, HELD_BACK = 4, 2  # two of four folds: half of the texts are enough to fit one number
FEWEST_LESSONS = 20

Label = tuple[str, str]  # (standard, code)


class TooFewLessons(ValueError):
    """There is nothing yet to learn from: fewer than `FEWEST_LESSONS` texts, or only one class."""


@dataclass(frozen=True)
class Corpus:
    """Texts turned into counted features once; folds take rows of it."""

    characters: list[Counter[str]]
    words: list[Counter[str]]
    labels: np.ndarray  # of int
    classes: tuple[Label, ...]
    hints: int  # the first so many rows are names of classes, not texts: never held back


def train(
    texts: Sequence[str],
    labels: Sequence[Label],
    *,
    other_texts: Iterable[str] = (),
    hints: Sequence[tuple[str, Label]] = (),
) -> Model:
    """A model of labelled `texts`. `other_texts` have no label and teach what words mean; `hints` are names and
    keywords of the classes. Deterministic. Raises TooFewLessons.
    """
    known = set(labels)
    if len(texts) < FEWEST_LESSONS or len(known) < 2:
        raise TooFewLessons(f"{len(texts)} texts of {len(known)} classes are too few to learn from")
    hints = [(text, label) for text, label in hints if label in known]
    normal = [features.normal(text) for text in [t for t, _label in hints] + list(texts)]
    meanings = learn_meanings(normal[len(hints) :] + [features.normal(text) for text in other_texts])
    classes = tuple(sorted(known))
    place = {label: n for n, label in enumerate(classes)}
    corpus = Corpus(
        [features.characters(text) for text in normal],
        [features.words(text) for text in normal],
        np.array([place[label] for label in [lab for _t, lab in hints] + list(labels)]),
        classes,
        len(hints),
    )
    return _fit(corpus, np.arange(len(normal)), meanings, _sharpness(corpus, meanings))


def _fit(corpus: Corpus, rows: np.ndarray, meanings: Part, sharpness: float) -> Model:
    characters, seen_characters = _terms([corpus.characters[n] for n in rows])
    words, seen_words = _terms([corpus.words[n] for n in rows])
    seen = sparse.hstack([seen_characters, seen_words]).tocsr()
    labels, count = corpus.labels[rows], len(corpus.classes)
    weights, bias = _machines(seen, labels, count)
    meant = _meant(meanings, [corpus.words[n] for n in rows])
    more, more_bias, meaning_weights = _ridge(seen, meant, labels, count)
    weights, bias = (weights + more) / 2, (bias + more_bias) / 2
    split = seen_characters.shape[1]
    return Model(
        classes=corpus.classes,
        characters=Part(*characters, weights[:split].astype(np.float32)),
        words=Part(*words, weights[split:].astype(np.float32)),
        bias=bias.astype(np.float32),
        meanings=meanings,
        meaning_weights=(meaning_weights / 2).astype(np.float32),
        sharpness=sharpness,
        lessons=len(corpus.labels) - corpus.hints,
    )


def _terms(counted: list[Counter[str]]) -> tuple[tuple[np.ndarray, np.ndarray], sparse.csr_matrix]:
    """The terms that stand in at least two texts, with idf; and the texts as rows of tf-idf, each of length 1."""
    within = Counter(term for counts in counted for term in counts)
    chosen = sorted(term for term, n in within.most_common(MOST_TERMS) if n >= 2)
    place = {term: n for n, term in enumerate(chosen)}
    idf = np.log((1 + len(counted)) / (1 + np.array([within[term] for term in chosen], np.float64))) + 1
    starts, at, values = [0], [], []
    for counts in counted:
        row = sorted((place[term], LOGS[min(n, 1999)]) for term, n in counts.items() if term in place)
        at += [term for term, _value in row]
        values += [value for _term, value in row]
        starts.append(len(at))
    matrix = sparse.csr_matrix((values, at, starts), shape=(len(counted), len(chosen)))
    matrix = (matrix @ sparse.diags(idf)).tocsr()
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    length[length == 0] = 1
    return (np.array(chosen, np.str_), idf.astype(np.float32)), (sparse.diags(1 / length) @ matrix).tocsr()


def _machines(seen: sparse.csr_matrix, labels: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """One against the rest, on features scaled by the log of how much oftener they stand in the class."""
    there = seen.copy()
    there.data = np.ones_like(there.data)
    everywhere = np.asarray(there.sum(axis=0)).ravel()
    weights, bias = np.zeros((seen.shape[1], count)), np.zeros(count)
    for n in range(count):
        inside = np.asarray(there[labels == n].sum(axis=0)).ravel()
        here, elsewhere = inside + 0.5, everywhere - inside + 0.5
        scale = np.log((here / here.sum()) / (elsewhere / elsewhere.sum()))
        machine = LinearSVC(C=0.1, random_state=0).fit((seen @ sparse.diags(scale)).tocsr(), labels == n)
        weights[:, n] = machine.coef_[0] * scale
        bias[n] = machine.intercept_[0]
    return weights, bias


def _ridge(
    seen: sparse.csr_matrix, meant: np.ndarray, labels: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    target = np.where(labels[:, None] == np.arange(count), 1.0, -1.0)
    both = sparse.hstack([seen, sparse.csr_matrix(meant * MEANING_SHARE)]).tocsr()
    fitted = Ridge(alpha=1.0, solver="sparse_cg", tol=1e-3).fit(both, target)
    coefficients = np.atleast_2d(fitted.coef_).T
    split = seen.shape[1]
    return coefficients[:split], np.atleast_1d(fitted.intercept_), coefficients[split:] * MEANING_SHARE


def _meant(meanings: Part, counted: list[Counter[str]]) -> np.ndarray:
    place, vectors = meanings.place, meanings.weights
    out = np.zeros((len(counted), vectors.shape[1]))
    for n, counts in enumerate(counted):
        at = [place[word] for word in counts if word in place]
        if at:
            total = meanings.idf[at] @ vectors[at]
            out[n] = total / (np.linalg.norm(total) + 1e-9)
    return out


def _sharpness(corpus: Corpus, meanings: Part) -> float:
    """The factor before the softmax that makes held-back texts most likely: 0.9 then is right nine times in ten."""
    hints = np.arange(corpus.hints)
    texts = np.arange(corpus.hints, len(corpus.labels))
    scores, seen = np.zeros((len(texts), len(corpus.classes))), []
    for kept, held in islice(KFold(FOLDS, shuffle=True, random_state=0).split(texts), HELD_BACK):
        seen += held.tolist()
        model = _fit(corpus, np.concatenate([hints, texts[kept]]), meanings, 1.0)
        for n in held:
            scores[n], _known = model.scores(corpus.characters[texts[n]], corpus.words[texts[n]])
    right, scores = corpus.labels[texts[seen]], scores[seen]

    def surprise(log_factor: float) -> float:
        raised = scores * np.exp(log_factor)
        raised -= raised.max(axis=1, keepdims=True)
        chosen = raised[np.arange(len(right)), right] - np.log(np.exp(raised).sum(axis=1))
        return float(-chosen.mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2, 4), method="bounded").x))
