"""Which class a citizen's message is about: the classifier against the usual baseline, on the same folds.

The baseline is TF-IDF of one to three characters with a linear support vector machine, both as scikit-learn has
them by default. Real messages to a city government with one of seven labels (`messages/titles.csv`,
`bodies.csv` beside the project); without them nothing is compared. Scores are macro-F1 of five folds taken
together. "with reports" also gives the classifier messages without labels (of other files), as it has them in use.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

NAME = "classify"
FOLDS, SEED = 5, 0
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "messages"
OTHERS = {"titles": ("bodies", "hot_issues", "replies"), "bodies": ("titles", "hot_issues", "replies")}
LONGEST_OTHER = 600
THRESHOLD = 0.6


def run(report: Callable[[str], None], scale: float = 1.0) -> dict:
    """Rows: file, method, macro_f1, f1 of each fold, microseconds a text, seconds of one training."""
    if not SHARED.exists():
        report(f"no messages at {SHARED}: nothing compared")
        return {"name": NAME, "rows": [], "equal": True, "skipped": "the messages are not there"}
    _django()
    rows, equal = [], True
    for name in ("titles", "bodies"):
        texts, labels = _messages(name, scale)
        folds = _folds(texts, labels)
        found = [
            _scored(name, "baseline", folds, texts, labels, _baseline),
            _scored(name, "yiwang", folds, texts, labels, _ours),
            _scored(name, "yiwang, with reports", folds, texts, labels, _ours_with(_unlabelled(name, texts))),
        ]
        # Equal: every method gave one answer to every text, and all answered the same folds.
        equal &= len({tuple(row.pop("answered")) for row in found}) == 1
        for row in found:
            rows.append(row)
            report(
                f"{row['file']:7} {row['method']:21} macro-F1 {row['macro_f1']:.4f}   "
                f"{row['us_per_text']:8.1f} us a text   trained in {row['train_s']:6.1f} s"
                + (
                    f"   sure ({THRESHOLD}) of {row['sure_share']:.0%}, right in {row['sure_right']:.1%}"
                    if "sure_share" in row
                    else ""
                )
            )
    ahead = {name: _of(rows, name, "yiwang") - _of(rows, name, "baseline") for name in OTHERS}
    report(
        "ahead of the baseline: "
        + ", ".join(f"{name} {100 * gain:+.1f} points" for name, gain in ahead.items())
    )
    return {
        "name": NAME,
        "folds": FOLDS,
        "seed": SEED,
        "rows": rows,
        "ahead": ahead,
        "goal_met": all(gain > 0 for gain in ahead.values()),
        "equal": equal,
    }


Answers = tuple[list[str], list[float] | None]
Method = Callable[[list[str], list[str], list[str]], tuple[Answers, float, float]]


def _scored(
    file: str, method: str, folds: list, texts: Sequence[str], labels: Sequence[str], answer: Method
) -> dict:
    from sklearn.metrics import f1_score

    given: dict[int, str] = {}
    sure: dict[int, float] = {}
    each, spent, trained = [], 0.0, 0.0
    for kept, held in folds:
        (chosen, chances), train_s, answer_s = answer(
            [texts[n] for n in kept], [labels[n] for n in kept], [texts[n] for n in held]
        )
        given.update(zip(held, chosen, strict=True))
        if chances is not None:
            sure.update(zip(held, chances, strict=True))
        each.append(round(float(f1_score([labels[n] for n in held], chosen, average="macro")), 4))
        spent, trained = spent + answer_s, trained + train_s
    order = sorted(given)
    truth, chosen = [labels[n] for n in order], [given[n] for n in order]
    row = {
        "file": file,
        "method": method,
        "texts": len(texts),
        "macro_f1": round(float(f1_score(truth, chosen, average="macro")), 4),
        "macro_f1_of_folds": each,
        "us_per_text": round(1e6 * spent / len(order), 1),
        "train_s": round(trained / len(folds), 2),
        "answered": order,
    }
    if sure:
        right = np.array([given[n] == labels[n] for n in order])
        chance = np.array([sure[n] for n in order])
        taken = chance >= THRESHOLD
        row["sure_share"] = round(float(taken.mean()), 4)
        row["sure_right"] = round(float(right[taken].mean()), 4)
        row["calibration_error"] = round(_calibration_error(right, chance), 4)
    return row


def _calibration_error(right: np.ndarray, chance: np.ndarray) -> float:
    """How far, on average, a confidence is from how often it is right (ten bins)."""
    bins = np.minimum((chance * 10).astype(int), 9)
    return float(
        sum(
            abs(right[bins == n].mean() - chance[bins == n].mean()) * (bins == n).mean()
            for n in set(bins.tolist())
        )
    )


def _baseline(texts: list[str], labels: list[str], held: list[str]) -> tuple[Answers, float, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    began = time.perf_counter()
    fitted = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LinearSVC(random_state=0))
    fitted.fit(texts, labels)
    trained = time.perf_counter()
    # One at a time, as reports come.
    chosen = [fitted.predict([text])[0] for text in held]
    return (chosen, None), trained - began, time.perf_counter() - trained


def _ours(texts: list[str], labels: list[str], held: list[str], others: Sequence[str] = ()) -> tuple:
    from yiwang.domains.operations.classify.training import train

    began = time.perf_counter()
    learnt = train(texts, [("topics", label) for label in labels], other_texts=others, hints=_hints())
    trained = time.perf_counter()
    chosen, chances = [], []
    for text in held:
        found, _known = learnt.probabilities(text)
        best = int(found.argmax())
        chosen.append(learnt.classes[best][1])
        chances.append(float(found[best]))
    return (chosen, chances), trained - began, time.perf_counter() - trained


def _ours_with(others: list[str]) -> Method:
    return lambda texts, labels, held: _ours(texts, labels, held, others)


def _hints() -> list[tuple[str, tuple[str, str]]]:
    """The words that the national pack knows of the seven topics."""
    import yaml

    path = Path(__file__).resolve().parents[1] / "packs" / "national" / "catalogue" / "hotline-topics.yaml"
    classes = yaml.safe_load(path.read_text(encoding="utf-8"))["classes"]
    return [
        (term, ("topics", one["name"]))
        for one in classes
        for term in (one["name"], *one.get("aliases", ()), *one.get("keywords", ()))
    ]


def _messages(name: str, scale: float) -> tuple[list[str], list[str]]:
    with (SHARED / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row[0], row[1]) for row in list(csv.reader(file))[1:]]
    rows = rows[: max(200, int(len(rows) * scale))]
    return [text for text, _label in rows], [label for _text, label in rows]


def _unlabelled(name: str, texts: Sequence[str]) -> list[str]:
    """Messages of the other files, without their labels, and without those that hold a text under test."""
    tested = set(texts)
    found = []
    for other in OTHERS[name]:
        with (SHARED / f"{other}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                title, text = (
                    row.get("留言主题") or row.get("title") or "",
                    row.get("留言详情") or row.get("text") or "",
                )
                if title not in tested and text not in tested:
                    found.append(f"{title} {text}"[:LONGEST_OTHER])
    return found


def _folds(texts: list[str], labels: list[str]) -> list:
    from sklearn.model_selection import StratifiedKFold

    split = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(texts, labels)
    return [(kept.tolist(), held.tolist()) for kept, held in split]


def _of(rows: list[dict], file: str, method: str) -> float:
    return next(row["macro_f1"] for row in rows if (row["file"], row["method"]) == (file, method))


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    import django

    django.setup()


if __name__ == "__main__":
    import json

    print(json.dumps(run(print), ensure_ascii=False, indent=1))
