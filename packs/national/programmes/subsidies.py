"""残疾人两项补贴和取暖救助: the two disability subsidies, and heating."""

from yiwang.core.policy import Programme, amount, any_of, choose, condition, figure, household, least, person


class DisabilityLiving(Programme):
    """困难残疾人生活补贴: disabled persons on the guarantee."""

    entity = person
    name = "困难残疾人生活补贴"
    name_en = "Living subsidy of disabled persons in hardship"
    since = "2016-01-01"
    pays = "month"

    @condition("持有残疾证", "Holds a disability card", cite="国发〔2015〕52号")
    def disabled(p):
        return p.disability_grade >= 1

    @condition("低保家庭成员", "On the guarantee", cite="国发〔2015〕52号")
    def guaranteed(p):
        return p.assistance_group == 2

    @amount("生活补贴", "Living subsidy", cite="国发〔2015〕52号；标准由省、市规定")
    def monthly(p):
        return p.parameter("disability.living")


class DisabilityNursing(Programme):
    """重度残疾人护理补贴: persons of grade 1 or 2 who get no other benefit for care."""

    entity = person
    name = "重度残疾人护理补贴"
    name_en = "Nursing subsidy of severely disabled persons"
    since = "2016-01-01"
    pays = "month"

    @condition("本区户籍在世人员", "Registered in the district", cite="国发〔2015〕52号")
    def registered_here(p):
        return p.alive & p.local_hukou

    @condition("残疾等级为一级或二级", "Of grade 1 or 2", cite="国发〔2015〕52号")
    def severely(p):
        return p.severe

    @condition("未领取其他护理待遇", "No other benefit for care", cite="国发〔2015〕52号")
    def no_other(p):
        return ~p.other_care_benefit

    @condition(
        "不是特困人员", "Not in extreme hardship, whose support includes care", cite="国发〔2015〕52号"
    )
    def not_hardship(p):
        return ~p.extreme_hardship

    @amount("护理补贴", "Nursing subsidy", cite="国发〔2015〕52号；标准由省、市规定")
    def monthly(p):
        return p.parameter("disability.nursing")


@figure(household, "供暖救助档次", "Band of heating assistance", cite="地方规定")
def heating_group(h):
    """0 none, 1 guarantee or extreme hardship, 2 edge."""
    first = any_of(
        h.minimum_guarantee,
        h.any(h.members.member & h.members.extreme_hardship),
        h.any(h.members.single_guarantee),
    )
    return choose(first, 1, choose(h.low_income_edge, 2))


class Heating(Programme):
    """取暖救助: the heating of a winter, 1 November to 31 March."""

    entity = household
    name = "取暖救助"
    name_en = "Heating assistance"
    since = "2014-11-01"
    pays = "season"

    @condition(
        "特困、低保或低保边缘家庭",
        "In a group that is assisted",
        cite="地方规定（供暖期十一月一日至次年三月三十一日）",
    )
    def group(h):
        return h.heating_group >= 1

    @condition("有取暖费用", "Has a home to heat", cite="地方规定")
    def heated(h):
        return (h.heating_area > 0) | ~h.central_heating

    @amount("取暖补助", "Heating assistance", cite="地方规定")
    def season(h):
        area = least(h.heating_area, h.parameter("heating.area_most"))
        cost = choose(h.central_heating, area * h.parameter("heating.price"), h.parameter("heating.own"))
        return cost * h.parameter("heating.share")
