"""急难社会救助: temporary relief in an emergency, and for spending that a household can't bear."""

from yiwang.core.policy import Programme, amount, condition, household, least


class ReliefEmergency(Programme):
    """临时救助（急难型）: no limit of registration; relieved first, papers after."""

    entity = household
    name = "临时救助（急难型）"
    name_en = "Temporary relief, emergency"
    since = "2014-10-03"
    pays = "once"

    @condition("遭遇突发困难", "Struck by an emergency", cite="社会救助暂行办法第四十七条；民发〔2018〕23号")
    def struck(h):
        return h.emergency_kind != "none"

    struck.cited("2026-07-01", "社会救助法第二十九条、第三十七条、第五十条；民发〔2018〕23号")

    @condition("在申请期限内", "Lately", cite="民发〔2018〕23号；期限由地方规定")
    def lately(h):
        months = h.months(h.emergency_on)
        return (h.emergency_on <= h.today) & (months < h.parameter("relief.recent_months"))

    @condition("造成支出或损失", "It cost or lost money", cite="民发〔2018〕23号")
    def lost(h):
        return h.emergency_loss > 0

    @condition(
        "同一事由救助次数未满",
        "Not relieved too often for this cause",
        cite="民发〔2018〕23号；次数由地方规定",
    )
    def not_often(h):
        return h.relief_count < h.parameter("relief.times_most")

    @amount("救助金", "Relief", cite="民发〔2018〕23号；标准由地方规定")
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
        "人均收入低于人均可支配收入", "Income a head below the disposable income", cite="民发〔2018〕23号"
    )
    def income_below(h):
        return h.below_disposable

    @condition("财产符合规定", "Property allowed", cite="民发〔2018〕23号")
    def property_allowed(h):
        return h.property_edge

    @condition(
        "刚性支出超出承受能力",
        "Spending beyond what can be borne",
        cite="社会救助暂行办法第四十七条；民发〔2018〕23号",
    )
    def spending_above(h):
        return h.rigid_excess > 0

    spending_above.cited("2026-07-01", "社会救助法第二十九条；民发〔2018〕23号")

    @condition(
        "同一事由救助次数未满",
        "Not relieved too often for this cause",
        cite="民发〔2018〕23号；次数由地方规定",
    )
    def not_often(h):
        return h.relief_count < h.parameter("relief.times_most")

    @amount("救助金", "Relief", cite="民发〔2018〕23号；标准由地方规定")
    def once(h):
        most_paid = h.standard * h.members_count * h.parameter("relief.expenditure_months")
        return least(h.rigid_excess, most_paid)
