"""基本生活救助和低收入认定: extreme hardship, the guarantee with its top-ups and gradual exit, edge, rigid spending."""

from yiwang.core.policy import (
    Programme,
    all_of,
    amount,
    any_of,
    choose,
    condition,
    figure,
    household,
    most,
    person,
)


@figure(person, "自理档次", "Band of self-care", cite="民发〔2021〕43号第二十条至第二十二条")
def care_band(p):
    """Six items: 0 all done, 1 up to three not done, 2 four or more not done."""
    return choose(p.selfcare_failed >= 4, 2, choose(p.selfcare_failed >= 1, 1))


@figure(person, "残疾致无劳动能力", "Unable to work by disability", cite="民发〔2021〕43号第五条")
def disabled_unable(p):
    mental = p.disability_kind.is_in("intellectual", "mental") & (p.disability_grade <= 3)
    limb = (p.disability_kind == "limb") & (p.disability_grade <= 2)
    visual = (p.disability_kind == "visual") & (p.disability_grade <= 1)
    return (p.disability_grade >= 1) & any_of(mental, limb, visual)


class ExtremeHardship(Programme):
    """特困人员救助供养: no ability to work, no income, nobody able who must support."""

    entity = person
    name = "特困人员救助供养"
    name_en = "Extreme-hardship support"
    since = "2014-05-01"
    pays = "month"
    rises_with_income = (
        "收入达到低保标准的特困人员终止供养，转入低保等其他救助（民发〔2021〕43号第六条、第二十七条）"
    )

    @condition(
        "本区户籍，未服刑、未失踪",
        "Registered in the district, neither in prison nor missing",
        cite="社会救助暂行办法第十六条",
    )
    def registered_here(p):
        """Whether she shares the living of the household on record does not matter: it is the person who is supported."""
        return all_of(p.alive, ~p.excluded.is_in("detained", "missing"), p.local_hukou)

    registered_here.cited("2021-07-01", "社会救助暂行办法第十六条；民发〔2021〕43号第二十四条")

    registered_here.cited("2026-07-01", "社会救助法第三十七条；民发〔2021〕43号第二十四条")

    @condition("无劳动能力", "Unable to work", cite="社会救助暂行办法第十四条")
    def unable(p):
        return any_of(p.age >= 60, p.age < 16, p.disabled_unable)

    @unable.since("2021-07-01", cite="社会救助暂行办法第十四条；民发〔2021〕43号第五条、第二十四条")
    def unable(p):
        at_school = p.student.is_in("primary", "junior", "senior")
        continued = ((p.age < 18) | at_school) & (p.hardship_since <= p.today)
        return any_of(p.age >= 60, p.age < 16, continued, p.disabled_unable)

    unable.cited("2026-07-01", "社会救助法第十六条；民发〔2021〕43号第五条、第二十四条")

    @condition("法定义务人无履行义务能力", "Nobody able who must support", cite="社会救助暂行办法第十四条")
    def no_obligor(p):
        return ~p.able_obligor

    no_obligor.cited("2021-07-01", "民发〔2021〕43号第四条、第八条")
    no_obligor.cited("2026-07-01", "社会救助法第十六条；民发〔2021〕43号第四条、第八条")

    @condition("无生活来源", "Without a source of income", cite="社会救助暂行办法第十四条")
    def no_income(p):
        return p.ordinary_income < p.household.standard

    no_income.cited("2021-07-01", "民发〔2021〕43号第六条")
    no_income.cited("2026-07-01", "社会救助法第十六条；民发〔2021〕43号第六条")

    @condition("财产符合规定", "Property allowed", cite="社会救助暂行办法第十四条")
    def property_allowed(p):
        return (p.member & p.household.property_modest) | (~p.member & p.own_modest)

    property_allowed.cited("2021-07-01", "民发〔2021〕43号第六条、第七条")
    property_allowed.cited("2026-07-01", "社会救助法第二十三条；民发〔2021〕43号第六条、第七条")

    @condition("未选择孤儿等儿童保障", "Not supported as an orphan", cite="社会救助暂行办法第十五条")
    def not_orphan(p):
        return (p.orphan == "none") | (p.age >= 18)

    not_orphan.cited("2021-07-01", "民发〔2021〕43号第九条")

    @amount("基本生活费和照料护理费", "Basic living and care", cite="社会救助暂行办法第十五条")
    def monthly(p):
        return p.household.standard * p.parameter("hardship.basic") + p.parameter("hardship.care")

    monthly.cited("2021-07-01", "社会救助暂行办法第十五条；民发〔2021〕43号第二十条至第二十二条")
    monthly.cited("2026-07-01", "社会救助法第十七条；民发〔2021〕43号第二十条至第二十二条")


@figure(
    person,
    "无正当理由拒绝就业的成员",
    "Member who refused suitable work",
    cite="社会救助暂行办法第四十五条：有劳动能力但未就业",
)
def refusing(p):
    able = p.labour_ability.is_in("full", "partial")
    often = p.refused_jobs >= p.parameter("guarantee.refusals_most")
    return all_of(p.covered, often, able, ~p.employed)


refusing.cited("2021-07-01", "民发〔2021〕57号第三十四条：有就业能力但未就业")


@figure(
    household,
    "低保分档",
    "Band of the guarantee",
    cite="民发〔2021〕57号第二十三条；分档由地方规定",
)
def guarantee_band(h):
    """By income a head as a share of the standard: 0 at the standard or above, 1 the poorest, to 3."""
    whole = h.standard * h.size
    rest = choose(h.household_income <= whole * h.parameter("guarantee.band_second"), 2, 3)
    band = choose(h.household_income <= whole * h.parameter("guarantee.band_first"), 1, rest)
    return choose(h.household_income < whole, band)


class MinimumGuarantee(Programme):
    """最低生活保障: pays what the household's income lacks to the standard or, where the pack says so, by fixed bands."""

    entity = household
    name = "最低生活保障"
    name_en = "Minimum living guarantee"
    since = "2014-05-01"
    pays = "month"

    @condition("本区户籍", "Registered in the district", cite="社会救助暂行办法第十一条")
    def registered_here(h):
        return h.registered & (h.size > 0)

    registered_here.cited("2021-07-01", "民发〔2021〕57号第四条")
    registered_here.cited("2026-07-01", "社会救助法第三十七条；民发〔2021〕57号第四条")

    @condition("人均收入低于低保标准", "Income a head below the standard", cite="社会救助暂行办法第九条")
    def income_below(h):
        return h.household_income < h.standard * h.size

    income_below.cited("2026-07-01", "社会救助法第十八条")

    @condition("财产符合规定", "Property allowed", cite="社会救助暂行办法第九条")
    def property_allowed(h):
        return h.property_modest

    property_allowed.cited("2021-07-01", "社会救助暂行办法第九条；民发〔2021〕57号第十四条")
    property_allowed.cited("2026-07-01", "社会救助法第十八条；民发〔2021〕57号第十四条")

    @amount("低保金", "The guarantee", cite="社会救助暂行办法第十二条、第四十五条")
    def monthly(h):
        lacking = h.standard * h.size - h.household_income
        return lacking * (h.size - h.count(h.members.refusing)) // h.size

    @monthly.since("2021-07-01", cite="民发〔2021〕57号第二十三条、第三十四条")
    def monthly(h):
        """The difference, or a fixed sum a head by band where the district pays so."""
        difference = h.standard * h.size - h.household_income
        fixed = h.standard * h.parameter("guarantee.band_share") * h.size
        whole = choose(h.parameter("guarantee.by_bands"), fixed, difference)
        return whole * (h.size - h.count(h.members.refusing)) // h.size

    monthly.cited("2026-07-01", "社会救助法第十八条；民发〔2021〕57号第二十三条、第三十四条")


@figure(
    person,
    "分类施保增发额",
    "Top-up",
    cite="社会救助暂行办法第十二条；比例由地方规定",
)
def topup(p):
    """The highest of those that apply."""
    standard = p.household.standard
    old = choose(p.age >= p.parameter("topup.aged_from"), standard * p.parameter("topup.aged"))
    young = choose(p.age < 18, standard * p.parameter("topup.minor"))
    disabled = choose(p.severe, standard * p.parameter("topup.disabled"))
    ill = choose(p.serious_illness, standard * p.parameter("topup.ill"))
    return most(most(old, young), most(disabled, ill))


topup.cited("2021-07-01", "社会救助暂行办法第十二条；民发〔2021〕57号第二十七条；比例由地方规定")
topup.cited("2026-07-01", "社会救助法第二十条；民发〔2021〕57号第二十七条；比例由地方规定")


class GuaranteeTopup(Programme):
    """分类施保: more for the aged, minors, severely disabled and seriously ill in households on the guarantee."""

    entity = household
    name = "低保分类施保增发"
    name_en = "Classified top-up of the guarantee"
    since = "2014-05-01"
    pays = "month"

    @condition("享受最低生活保障", "On the guarantee", cite="社会救助暂行办法第十二条")
    def guaranteed(h):
        return h.minimum_guarantee

    guaranteed.cited("2026-07-01", "社会救助法第二十条")

    @condition(
        "有老年人、未成年人、重度残疾人或重病患者",
        "With an aged, minor, severely disabled or seriously ill member",
        cite="社会救助暂行办法第十二条",
    )
    def entitled_member(h):
        return h.any(h.members.covered & (h.members.topup > 0))

    entitled_member.cited("2026-07-01", "社会救助法第二十条")

    @amount("增发额", "Top-up", cite="社会救助暂行办法第十二条；比例由地方规定")
    def monthly(h):
        return h.sum(h.members.topup, where=h.members.covered)

    monthly.cited("2026-07-01", "社会救助法第二十条；比例由地方规定")


class GradualExit(Programme):
    """渐退期: a household that earns too much since a member found work keeps its payment for some months."""

    entity = household
    name = "低保渐退期"
    name_en = "Gradual exit from the guarantee"
    since = "2022-10-20"
    pays = "month"
    rises_with_income = "就业后人均收入超过低保标准的，给予渐退期，继续发放原金额（民发〔2021〕57号第三十三条；民政部等通知（2022-10-20）一（三））"

    @condition(
        "正在享受低保",
        "On the guarantee until now",
        cite="民发〔2021〕57号第三十三条；民政部等通知（2022-10-20）一（三）",
    )
    def on_guarantee(h):
        return (h.guarantee_since <= h.today) & h.registered

    @condition(
        "收入已不低于标准",
        "Income no longer below the standard",
        cite="民发〔2021〕57号第三十三条；民政部等通知（2022-10-20）一（三）",
    )
    def over(h):
        return h.household_income >= h.standard * h.size

    @condition(
        "成员新近就业",
        "A member found work lately",
        cite="民发〔2021〕57号第三十三条；民政部等通知（2022-10-20）一（三）",
    )
    def new_job(h):
        own = h.members
        months = own.months(own.job_since)
        lately = (months >= 0) & (months < h.parameter("guarantee.exit_months"))
        return h.any(own.covered & own.employed & lately)

    @condition("财产符合规定", "Property allowed", cite="民发〔2021〕57号第十四条")
    def property_allowed(h):
        return h.property_modest

    @amount(
        "原发放金额",
        "What was paid before",
        cite="民发〔2021〕57号第三十三条；民政部等通知（2022-10-20）一（三）",
    )
    def monthly(h):
        return h.guarantee_amount


class LowIncomeEdge(Programme):
    """低保边缘家庭: income a little above the standard; opens special assistance."""

    entity = household
    name = "低保边缘家庭认定"
    name_en = "Low-income edge"
    since = "2021-07-01"

    @condition("本区户籍", "Registered in the district", cite="民发〔2021〕57号第八条")
    def registered_here(h):
        return h.registered & (h.size > 0)

    registered_here.cited("2026-07-01", "社会救助法第三十七条；民发〔2021〕57号第八条")

    @condition("不符合低保条件", "Not entitled to the guarantee", cite="民发〔2021〕57号第八条")
    def not_guaranteed(h):
        return ~h.minimum_guarantee

    @condition(
        "人均收入低于低保标准的规定倍数",
        "Income a head below the raised standard",
        cite="民发〔2021〕57号第八条",
    )
    def income_below(h):
        return h.household_income < h.standard * h.size * h.parameter("edge.uplift")

    income_below.cited("2026-07-01", "社会救助法第二十一条；民发〔2021〕57号第八条")

    @condition("财产符合规定", "Property allowed", cite="民发〔2021〕57号第八条")
    def property_allowed(h):
        return h.property_edge


class RigidHardship(Programme):
    """刚性支出困难家庭: spending that can't be avoided takes too much of the income. Valid for at most 12 months."""

    entity = household
    name = "刚性支出困难家庭认定"
    name_en = "Rigid-expenditure hardship"
    since = "2025-01-01"

    @condition(
        "未纳入低保、低保边缘",
        "Neither on the guarantee nor at the edge",
        cite="刚性支出困难家庭认定办法第四条",
    )
    def not_others(h):
        return all_of(h.registered, h.size > 0, ~h.minimum_guarantee, ~h.low_income_edge)

    @condition(
        "人均收入低于上年度人均可支配收入",
        "Income a head below last year's disposable income",
        cite="刚性支出困难家庭认定办法第四条",
    )
    def income_below(h):
        return h.below_disposable

    @condition("财产符合规定", "Property allowed", cite="刚性支出困难家庭认定办法第四条")
    def property_allowed(h):
        return h.property_edge

    @condition(
        "刚性支出占收入超过比例",
        "Rigid spending above the share of income",
        cite="刚性支出困难家庭认定办法第四条、第五条",
    )
    def spending_above(h):
        return h.rigid_excess > 0

    spending_above.cited("2026-07-01", "社会救助法第二十二条；刚性支出困难家庭认定办法第四条、第五条")
