"""What a text is about: from the pack's words on the first day, from confirmed reports later."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domains.operations.conftest import NOW
from yiwang.domains.operations import classify
from yiwang.domains.operations.classify import features, lessons, model, shelf, training
from yiwang.domains.operations.models import Lesson

TOPICS = {
    "T04": ["学校乱收费", "老师补课", "孩子入学难", "幼儿园伙食差", "校服太贵了", "学位不够"],
    "T07": ["医院收费高", "医生态度差", "看病排队久", "药房没有药", "疫苗打不上", "卫生院关门"],
    "T03": ["公交车不来", "出租车拒载", "高速堵车", "客运站太乱", "班车停开", "公路坑多"],
}


def taught(times: int = 6) -> tuple[list[str], list[tuple[str, str]]]:
    """Many short messages of three topics, as people would write them."""
    draw = random.Random(7)
    texts, labels = [], []
    for code, words in TOPICS.items():
        for _n in range(times):
            for word in words:
                texts.append(
                    draw.choice(["请问", "反映", "建议解决", "关于"])
                    + word
                    + draw.choice(["的问题", "怎么办", ""])
                )
                labels.append(("hotline-topics", code))
    return texts, labels


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("小区门口路灯不亮好几天了", "01037"),
        ("垃圾桶满了没人收拾", "06042"),
        ("共享单车乱停挡路", "09011"),
        ("有人在消防通道停车", "09012"),
        ("广场舞噪音扰民", "06028"),
        ("下雪路面结冰没人清", "10001"),
        ("墙上全是小广告", "07001"),
        ("楼下烧烤油烟大", "06029"),
    ],
)
def test_everyday_sentences_are_classified_before_anything_was_learnt(dadong, text, code):
    best = classify.suggest(text)[0]
    assert (best.standard, best.code) == (dadong.default_standard, code)
    assert best.confidence >= dadong.settings["classify_threshold"] and best.why


def test_a_sentence_that_says_little_goes_to_a_person(dadong):
    for text in ("城管不管事", "什么情况", "你好", "?"):
        assert classify.sure(classify.suggest(text), dadong) is None


def test_two_classes_that_the_words_fit_alike_are_each_less_sure(dadong):
    alone = classify.suggest("路灯不亮")[0].confidence
    both = classify.suggest("路灯不亮，共享单车乱停")
    assert both[0].confidence < alone and {one.code for one in both} >= {"01037", "09011"}


@given(st.text(max_size=300))
def test_any_text_gets_confidences_between_nothing_and_one(text):
    from yiwang.domains.operations.classify.names import NameIndex

    class One:
        code, kind, name, aliases, keywords = "1", "matter", "路灯异常", ("灯杆",), ("灯不亮",)

    for guess in NameIndex([One]).guess(text):
        assert 0 < guess.confidence <= 1


def test_lessons_teach_and_the_model_answers_texts_it_has_not_seen(dadong):
    texts, labels = taught()
    learnt = training.train(texts, labels)
    for text, code in (("老师总是补课", "T04"), ("医院看病太久", "T07"), ("公交班车老不来", "T03")):
        chances, known = learnt.probabilities(text)
        assert learnt.classes[chances.argmax()][1] == code and 0 < known <= 1
        assert abs(chances.sum() - 1) < 1e-5


def test_training_twice_on_the_same_lessons_gives_the_same_file():
    texts, labels = taught()
    first, second = (model.dump(training.train(texts, labels)) for _n in range(2))
    assert first[1] == second[1]


def test_a_stored_model_says_the_same_and_a_changed_file_is_refused():
    texts, labels = taught()
    learnt = training.train(texts, labels)
    data, digest = model.dump(learnt)
    again = model.load(data, digest)
    assert abs(learnt.probabilities("公交车不来")[0] - again.probabilities("公交车不来")[0]).max() < 1e-2
    with pytest.raises(ValueError):
        model.load(data[:-1] + b"x", digest)


def test_too_few_lessons_teach_nothing():
    texts, labels = taught(1)
    for few, of in ((texts[:5], labels[:5]), (texts, [labels[0]] * len(texts))):
        with pytest.raises(training.TooFewLessons):
            training.train(few, of)


def test_the_worker_trains_when_lessons_have_come_in_and_not_before_more_do(dadong):
    assert lessons.retrain_if_due(NOW) is False
    texts, labels = taught()
    Lesson.objects.bulk_create(
        Lesson(text=text, standard=standard, class_code=code, at=NOW)
        for text, (standard, code) in zip(texts, labels, strict=True)
    )
    before = classify.suggest("客运班车停开")
    assert lessons.retrain_if_due(NOW) is True
    after = next(one for one in classify.suggest("客运班车停开") if one.standard == "hotline-topics")
    assert after.code == "T03" and after.confidence > 0.4 and before
    assert lessons.retrain_if_due(NOW) is False
    assert shelf.entries()["hotline-topics"]["lessons"] == len(texts)


def test_a_broken_model_file_is_left_aside_and_the_packs_words_still_work(dadong):
    shelf.folder().mkdir(parents=True)
    (shelf.folder() / "bad.npz").write_bytes(b"junk")
    (shelf.folder() / "classify.json").write_text('{"hotline-topics": {"file": "bad.npz", "sha256": "0"}}')
    assert classify.suggest("小区门口路灯不亮好几天了")[0].code == "01037"
    (shelf.folder() / "classify.json").write_text("not json")
    shelf.forget()
    assert classify.suggest("小区门口路灯不亮好几天了")[0].code == "01037"


def test_lettered_districts_and_numbers_look_alike_to_the_classifier():
    assert features.normal("Ａ3区２０１９年") == features.normal("K12区7年") == "◎区0年"
