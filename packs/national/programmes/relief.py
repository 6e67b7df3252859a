"""急难社会救助: temporary relief in an emergency, and for spending that a household can't bear."""

from yiwang.core.policy import Programme, amount, condition, figure, household, least, most


@figure(household, "同一事由救助次数未满", "Not relieved too often for this cause", cite="次数由地方规定")
def seldom_relieved(h):
    return h.relief_count < h.parameter("relief.times_most")


@figure(
    household, "全体成员月收入", "Income of all members a month", cite="民发〔2018〕23号：家庭人均可支配收入"
)
def family_income(h):
    """Of those in extreme hardship too: they may ask for relief like everybody."""
    return most(h.sum(h.members.counted_income, where=h.members.member), 0)


@figure(
    household,
    "生活必需支出超出部分",
    "Spending beyond what can be borne",
    cite="民发〔2018〕23号；比例由地方规定",
)
def unbearable(h):
    spent = h.living_rigid_cost + h.other_rigid_cost + h.sum(h.members.rigid_cost, where=h.members.member)
    return spent - h.family_income * 12 * h.parameter("rigid.share")


class ReliefEmergency(Programme):
    """临时救助（急难型）: no limit of registration; relieved first, papers after."""

    entity = household
    name = "临时救助（急难型）"
    name_en = "Temporary relief, emergency"
    since = "2014-10-03"
    pays = "once"

    @condition("遭遇突发困难", "Struck by an emergency", cite="社会救助暂行办法第四十七条；国发〔2014〕47号")
    def struck(h):
        return h.emergency_kind != "none"

    struck.cited("2018-01-23", "社会救助暂行办法第四十七条；民发〔2018〕23号")
    struck.cited("2026-07-01", "社会救助法第二十九条、第三十七条、第五十条；民发〔2018〕23号")

    @condition("在申请期限内", "Lately", cite="期限由地方规定")
    def lately(h):
        months = h.months(h.emergency_on)
        return (h.emergency_on <= h.today) & (months < h.parameter("relief.recent_months"))

    @condition("造成支出或损失", "It cost or lost money", cite="社会救助暂行办法第四十七条")
    def lost(h):
        return h.emergency_loss > 0

    lost.cited("2018-01-23", "民发〔2018〕23号")
    lost.cited("2026-07-01", "社会救助法第二十九条；民发〔2018〕23号")

    @condition("同一事由救助次数未满", "Not relieved too often for this cause", cite="次数由地方规定")
    def not_often(h):
        return h.seldom_relieved

    @amount("救助金", "Relief", cite="标准由地方规定")
    def once(h):
        most_paid = h.standard * h.members_count * h.parameter("relief.emergency_months")
        return least(h.emergency_loss, most_paid)


class ReliefExpenditure(Programme):
    """临时救助（支出型）: spending for life, school or illness beyond what the household can bear."""

    entity = household
    name = "临时救助（支出型）"
    name_en = "Temporary relief, expenditure"
    since = "2014-10-03"
    pays = "once"

    @condition(
        "属于支出型救助对象",
        "Among those whose spending is relieved",
        cite="社会救助暂行办法第四十七条：最低生活保障家庭",
    )
    def group(h):
        return h.minimum_guarantee

    @group.since("2018-01-23", cite="民发〔2018〕23号：人均收入低于上年度人均可支配收入")
    def group(h):
        return h.family_income * 12 < h.parameter("rigid.disposable_income") * h.members_count

    @condition("财产符合规定", "Property allowed", cite="社会救助暂行办法第四十七条")
    def property_allowed(h):
        return h.property_edge

    property_allowed.cited("2018-01-23", "民发〔2018〕23号")

    @condition(
        "刚性支出超出承受能力",
        "Spending beyond what can be borne",
        cite="社会救助暂行办法第四十七条；国发〔2014〕47号",
    )
    def spending_above(h):
        return h.unbearable > 0

    spending_above.cited("2018-01-23", "社会救助暂行办法第四十七条；民发〔2018〕23号")
    spending_above.cited("2026-07-01", "社会救助法第二十九条；民发〔2018〕23号")

    @condition("同一事由救助次数未满", "Not relieved too often for this cause", cite="次数由地方规定")
    def not_often(h):
        return h.seldom_relieved

    @amount("救助金", "Relief", cite="标准由地方规定")
    def once(h):
        most_paid = h.standard * h.members_count * h.parameter("relief.expenditure_months")
        return least(h.unbearable, most_paid)
