"""专项社会救助: medical, education, housing and employment assistance."""

from yiwang.core.policy import Programme, all_of, amount, any_of, condition, figure, household, least, person


class MedicalAssistance(Programme):
    """医疗救助: a share of what is paid by oneself within the policy."""

    entity = person
    name = "医疗救助"
    name_en = "Medical assistance"
    since = "2014-05-01"
    pays = "year"

    @condition("属于救助对象", "In a group that is assisted", cite="社会救助暂行办法第二十八条")
    def group(p):
        return (p.assistance_group >= 1) & (p.assistance_group <= 3)

    group.cited("2021-10-28", "社会救助暂行办法第二十八条；国办发〔2021〕42号")

    @group.since("2026-07-01", cite="社会救助法第二十四条")
    def group(p):
        return p.assistance_group >= 1

    @condition("参加基本医疗保险", "Has basic medical insurance", cite="社会救助暂行办法第二十九条")
    def insured_person(p):
        return p.insured

    insured_person.cited("2021-10-28", "国办发〔2021〕42号")
    insured_person.cited("2026-07-01", "社会救助法第二十四条；国办发〔2021〕42号")

    @condition("自付费用超过起付标准", "Own cost above the deductible", cite="标准由地方规定")
    def cost_above(p):
        return p.medical_in_policy > p.parameter("medical.deductible")

    cost_above.cited("2021-10-28", "国办发〔2021〕42号；标准由地方规定")

    @amount("救助金", "Assistance", cite="社会救助暂行办法第二十九条；标准由地方规定")
    def yearly(p):
        beyond = p.medical_in_policy - p.parameter("medical.deductible")
        return least(beyond * p.parameter("medical.share"), p.parameter("medical.most"))

    yearly.cited("2021-10-28", "国办发〔2021〕42号；标准由地方规定")
    yearly.cited("2026-07-01", "社会救助法第二十四条；国办发〔2021〕42号；标准由地方规定")


class PremiumSubsidy(Programme):
    """资助参保: the premium of basic medical insurance, all for extreme hardship, a part for the guarantee."""

    entity = person
    name = "资助参加居民医保"
    name_en = "Premium subsidy"
    since = "2014-05-01"
    pays = "year"

    @condition(
        "特困人员或低保对象", "Extreme hardship or on the guarantee", cite="社会救助暂行办法第二十九条"
    )
    def group(p):
        return (p.assistance_group >= 1) & (p.assistance_group <= 2)

    group.cited("2026-07-01", "社会救助法第二十四条；国办发〔2023〕39号")

    @condition("未以职工身份就业", "Not insured by an employer", cite="社会救助暂行办法第二十九条")
    def not_employed(p):
        return ~p.employed

    not_employed.cited("2026-07-01", "社会救助法第二十四条：城乡居民基本医疗保险")

    @amount("资助额", "Subsidy", cite="社会救助暂行办法第二十九条；标准由地方规定")
    def yearly(p):
        return p.parameter("premium.subsidy")

    yearly.cited("2023-10-19", "国办发〔2023〕39号；标准由地方规定")
    yearly.cited("2026-07-01", "社会救助法第二十四条；国办发〔2023〕39号；标准由地方规定")


class EducationAssistance(Programme):
    """教育救助: for those at school, by stage."""

    entity = person
    name = "教育救助"
    name_en = "Education assistance"
    since = "2014-05-01"
    pays = "year"

    @condition("属于救助对象", "In a group that is assisted", cite="社会救助暂行办法第三十三条")
    def group(p):
        return (p.assistance_group >= 1) & (p.assistance_group <= 2)

    @group.since("2026-07-01", cite="社会救助法第二十五条")
    def group(p):
        return p.assistance_group >= 1

    @condition("在救助学段就读", "At a stage that is assisted", cite="社会救助暂行办法第三十三条")
    def at_school(p):
        return p.student.is_in("primary", "junior", "senior", "college")

    @at_school.since("2026-07-01", cite="社会救助法第二十五条（含学前教育）")
    def at_school(p):
        return p.student.is_in("preschool", "primary", "junior", "senior", "college")

    @amount("救助金", "Assistance", cite="标准由地方规定")
    def yearly(p):
        return p.parameter("education.amount")


@figure(household, "有分散供养特困人员", "With a member in extreme hardship who lives at home")
def dispersed(h):
    own = h.members
    return h.any(own.member & own.extreme_hardship & ~own.institution)


class HousingAssistance(Programme):
    """住房救助: public housing or a rent subsidy for those whose home is too small, unsafe or missing."""

    entity = household
    name = "住房救助"
    name_en = "Housing assistance"
    since = "2014-05-01"
    pays = "month"

    @condition("属于救助对象", "In a group that is assisted", cite="社会救助暂行办法第三十七条")
    def group(h):
        return h.minimum_guarantee | h.dispersed

    @group.since("2026-07-01", cite="社会救助法第二十六条")
    def group(h):
        return any_of(h.minimum_guarantee, h.dispersed, h.low_income_edge, h.rigid_hardship)

    @condition("住房困难", "Short of housing", cite="社会救助暂行办法第三十七条、第三十九条")
    def short(h):
        small = h.housing_area < h.members_count * h.parameter("housing.area_least")
        return any_of(h.housing_count == 0, h.housing_unsafe, small)

    short.cited("2026-07-01", "社会救助法第二十六条")

    @condition("未承租公租房", "Not in public housing", cite="社会救助暂行办法第三十八条")
    def not_public(h):
        return ~h.public_housing

    not_public.cited("2026-07-01", "社会救助法第二十六条")

    @amount("租赁补贴", "Rent subsidy", cite="标准由地方规定")
    def monthly(h):
        area = h.members_count * h.parameter("housing.area_paid")
        return least(h.rent, area * h.parameter("housing.rent_subsidy"))


class EmploymentAssistance(Programme):
    """就业救助: help to find work for members who are able and unemployed."""

    entity = person
    name = "就业救助"
    name_en = "Employment assistance"
    since = "2014-05-01"

    @condition("属于救助对象", "In a group that is assisted", cite="社会救助暂行办法第四十二条")
    def group(p):
        return p.covered & (p.household.minimum_guarantee | p.single_guarantee)

    @group.since("2026-07-01", cite="社会救助法第二十七条")
    def group(p):
        return (p.assistance_group >= 2) & (p.assistance_group <= 4)

    @condition("处于劳动年龄", "Of working age", cite="社会救助暂行办法第四十二条")
    def of_age(p):
        return (p.age >= p.parameter("employment.age_from")) & (p.age < p.parameter("employment.age_below"))

    of_age.cited("2026-07-01", "社会救助法第二十七条")

    @condition("有劳动能力且处于失业状态", "Able and unemployed", cite="社会救助暂行办法第四十二条")
    def able_unemployed(p):
        able = p.labour_ability.is_in("full", "partial")
        return all_of(able, ~p.employed, p.registered_unemployed, p.student == "none")

    able_unemployed.cited("2026-07-01", "社会救助法第二十七条")
