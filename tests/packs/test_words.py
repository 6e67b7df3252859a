"""What residents say leads to the class they mean, before anything has been learned."""

from __future__ import annotations

import pytest

NEW = "GB/T 47678.5-2026"

SAID = [
    ("小区门口的井盖没了，太危险了", "01023"),
    ("下水道堵了，污水外溢到马路上", "01002"),
    ("一下雨就淹，路面积水没过脚踝", "01004"),
    ("自来水管爆了，水管爆裂哗哗淌", "01001"),
    ("路灯不亮一个多星期了", "01037"),
    ("电线杆歪了快倒了", "01030"),
    ("广场的健身器材坏了", "01046"),
    ("充电桩坏了充不上电", "01054"),
    ("楼下有煤气味，怀疑燃气泄漏", "01057"),
    ("暖气管爆了，马路上冒热气", "01061"),
    ("消防栓漏水", "01013"),
    ("快递柜占了半个楼道口，快递柜坏了", "01075"),
    ("公交站牌倒了", "02004"),
    ("红绿灯不亮", "02014"),
    ("道路护栏被撞倒了没人管", "02017"),
    ("地下通道积水过不去", "02007"),
    ("过街天桥的台阶坏了", "02006"),
    ("公厕又脏又臭", "03001"),
    ("化粪池满了往外溢", "03003"),
    ("果皮箱倒了", "03005"),
    ("广告牌松动要掉下来", "03006"),
    ("树枝折断掉下来砸车", "04002"),
    ("公园长椅坏了", "04007"),
    ("楼上邻居乱搭棚子，楼顶加盖彩钢房", "06001"),
    ("外墙脱落砸到人", "06004"),
    ("从窗户拉电线充电，飞线充电", "06008"),
    ("垃圾没人收，成堆发臭", "06010"),
    ("装修垃圾堆在路边一个月", "06011"),
    ("马路脏没人扫", "06012"),
    ("路面坑洼，一个大坑", "06013"),
    ("渣土车撒土一路遗撒", "06014"),
    ("斑马线看不清了", "06016"),
    ("有人烧垃圾冒黑烟", "06020"),
    ("树上长满毛毛虫", "06021"),
    ("有人私自砍树", "06022"),
    ("河水发黑变臭", "06026"),
    ("楼下饭店油烟扰民", "06027"),
    ("广场舞喇叭声太吵", "06028"),
    ("夏天露天烧烤一条街", "06029"),
    ("门口有辆僵尸车停了两年", "06034"),
    ("旧家具扔在单元门口，废旧沙发没人要", "06035"),
    ("路边有死猫", "06037"),
    ("邻居在院子里养鸡", "06038"),
    ("有人私装地锁占车位", "06040"),
    ("垃圾桶满了溢出来", "06042"),
    ("绿地种菜，毁绿", "06045"),
    ("马路牙子掉了一块", "06050"),
    ("盲道断了", "06051"),
    ("楼道里全是小广告牛皮癣", "07001"),
    ("路口有人发传单", "07002"),
    ("夜间施工到凌晨", "08001"),
    ("工地扬尘，尘土飞扬", "08004"),
    ("工地围挡倒了", "08007"),
    ("大车带泥上路", "08012"),
    ("流动摊贩推车卖水果", "09001"),
    ("夜市扰民", "09002"),
    ("饭店把桌子摆到路上，店外经营", "09005"),
    ("占道摆摊，占路卖菜", "09006"),
    ("违停堵路，车辆乱停", "09009"),
    ("电动车乱停堵单元门", "09010"),
    ("共享单车堆在人行道上", "09011"),
    ("消防通道被堵", "09012"),
    ("有人在盲道停车，占用盲道", "09019"),
    ("雪后没人扫雪，路面结冰", "10001"),
    ("网线掉下来垂到地上", "10002"),
]


@pytest.fixture(scope="session")
def words(rows):
    """The words of each matter class: its own and those of the component it is about."""
    found: dict[str, set[str]] = {}
    for entry in rows("classes"):
        if entry["standard"] == NEW:
            own = {entry["name"], *entry["aliases"], *entry["keywords"]}
            found.setdefault(entry["code"], set()).update(own)
    return found


def scores(text: str, words: dict[str, set[str]]) -> list[tuple[int, str]]:
    """Longer words say more: the squares of the lengths of the words met, best first."""
    met = ((sum(len(w) ** 2 for w in said if w in text), code) for code, said in words.items())
    return sorted((one for one in met if one[0]), reverse=True)


@pytest.mark.parametrize(("text", "code"), SAID, ids=[text for text, _code in SAID])
def test_a_resident_who_says_this_means_this_class(words, text, code):
    ranked = scores(text, words)
    assert ranked[0][1] == code, ranked[:3]


def test_every_class_that_is_no_facility_has_words_of_its_own(rows):
    for entry in rows("classes"):
        if (entry["standard"], entry["kind"]) == (NEW, "matter"):
            assert entry["keywords"] or entry["code"] < "06", entry["name"]


def test_no_word_of_a_class_is_so_short_that_it_is_in_every_second_message(words):
    assert {word for said in words.values() for word in said if len(word) < 2} == set()


def test_the_same_word_never_speaks_for_two_classes(rows):
    seen: dict[str, str] = {}
    for entry in rows("classes"):
        if (entry["standard"], entry["kind"]) == (NEW, "matter"):
            for word in entry["keywords"]:
                assert seen.setdefault(word, entry["code"]) == entry["code"], word
