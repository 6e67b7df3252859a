"""A learnt classifier as plain arrays: one look-up a feature, no library at work when a report comes in.

Everything that was learnt is linear in the features, so the two models of `training` are added up before they
are stored. A model is a `.npz` of numbers and text (never pickled), named by its own SHA-256.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from yiwang.domains.operations.classify import features

FORMAT = 1
LOGS = [0.0] + [1.0 + math.log(n) for n in range(1, 2000)]


@dataclass(frozen=True, eq=False)
class Part:
    """Weights of one sort of feature: `terms` (n), `idf` (n), `weights` (n × classes)."""

    terms: np.ndarray
    idf: np.ndarray
    weights: np.ndarray
    place: Mapping[str, int] = field(repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {term: n for n, term in enumerate(self.terms.tolist())})

    def rows(self, counts: Counter[str]) -> tuple[np.ndarray, np.ndarray, float]:
        """Positions and tf-idf values (of length 1 together) of the known terms; the known share of all terms."""
        place = self.place
        known = [(place[term], LOGS[min(n, 1999)]) for term, n in counts.items() if term in place]
        if not known:
            return np.empty(0, np.intp), np.empty(0, np.float32), 0.0
        at = np.array([row for row, _n in known], np.intp)
        values = np.array([value for _row, value in known], np.float32) * self.idf[at]
        return at, values / math.sqrt(float(values @ values)), len(known) / len(counts)


@dataclass(frozen=True, eq=False)
class Model:
    """`classes` are (standard, code), in the order of the columns."""

    classes: tuple[tuple[str, str], ...]
    characters: Part
    words: Part
    bias: np.ndarray
    meanings: (
        Part  # its weights are vectors of words, learnt from all texts; a word of no lesson can have one
    )
    meaning_weights: np.ndarray  # dimensions × classes
    sharpness: float  # of the softmax, fitted on texts that the model had not seen
    lessons: int

    def scores(self, characters: Counter[str], words: Counter[str]) -> tuple[np.ndarray, float]:
        """The margin of each class for a text's counted features, and the share of its pairs that are known."""
        total, known = self.bias, 0.0
        for part, counts in ((self.words, words), (self.characters, characters)):
            at, values, known = part.rows(counts)
            if len(at):
                total = total + values @ part.weights[at]
        meaning = self.meaning(words)
        return (total if meaning is None else total + meaning @ self.meaning_weights), known

    def meaning(self, words: Counter[str]) -> np.ndarray | None:
        """The direction (length 1) of a text: its words' vectors, rare words counting more."""
        place = self.meanings.place
        at = [place[word] for word in words if word in place]
        if not at:
            return None
        total = self.meanings.idf[at] @ self.meanings.weights[at]
        length = math.sqrt(float(total @ total))
        return total / length if length else None

    def probabilities(self, text: str) -> tuple[np.ndarray, float]:
        """The probability of each class, and which share of the text's pairs of characters is known (0 to 1)."""
        text = features.normal(text)
        scores, known = self.scores(features.characters(text), features.words(text))
        return softmax(scores * self.sharpness), known


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def dump(model: Model) -> tuple[bytes, str]:
    """The model as the bytes of a file, and their SHA-256 in hex."""
    data = _zipped(
        format=np.array([FORMAT]),
        standards=_texts([standard for standard, _code in model.classes]),
        codes=_texts([code for _standard, code in model.classes]),
        character_terms=model.characters.terms,
        character_idf=model.characters.idf,
        character_weights=model.characters.weights.astype(np.float16),
        word_terms=model.words.terms,
        word_idf=model.words.idf,
        word_weights=model.words.weights.astype(np.float16),
        bias=model.bias,
        meaning_terms=model.meanings.terms,
        meaning_idf=model.meanings.idf,
        meanings=model.meanings.weights.astype(np.float16),
        meaning_weights=model.meaning_weights,
        numbers=np.array([model.sharpness, model.lessons], np.float64),
    )
    return data, hashlib.sha256(data).hexdigest()


def load(data: bytes, sha256: str) -> Model:
    """The model in these bytes. Raises ValueError when they are not the ones that were written."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError("the model file was changed")
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        if int(kept["format"][0]) != FORMAT:
            raise ValueError("the model file has another format")
        sharpness, lessons = kept["numbers"].tolist()
        wide = {
            name: kept[name].astype(np.float32) for name in ("character_weights", "word_weights", "meanings")
        }
        return Model(
            classes=tuple(zip(kept["standards"].tolist(), kept["codes"].tolist(), strict=True)),
            characters=Part(kept["character_terms"], kept["character_idf"], wide["character_weights"]),
            words=Part(kept["word_terms"], kept["word_idf"], wide["word_weights"]),
            bias=kept["bias"],
            meanings=Part(kept["meaning_terms"], kept["meaning_idf"], wide["meanings"]),
            meaning_weights=kept["meaning_weights"],
            sharpness=sharpness,
            lessons=int(lessons),
        )


def _zipped(**arrays: np.ndarray) -> bytes:
    """As `np.savez_compressed`, but without the time of day: the same model is the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, array in arrays.items():
            inside = io.BytesIO()
            np.lib.format.write_array(inside, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            box.writestr(entry, inside.getvalue())
    return out.getvalue()


def _texts(texts: Sequence[str]) -> np.ndarray:
    return np.array(texts, dtype=np.str_)
