"""家庭成员、收入、财产: who belongs to a household, and how its income and property are counted."""

from yiwang.core.policy import any_of, choose, figure, household, least, most, person


@figure(person, "在世", "Alive")
def alive(p):
    return p.died_on > p.today


@figure(person, "年龄", "Age")
def age(p):
    return p.years(p.born_on)


@figure(person, "共同生活的家庭成员", "Member of the household", cite="民发〔2021〕57号第七条")
def member(p):
    return p.alive & p.shared_living & (p.excluded == "none")


@figure(person, "重度残疾", "Severely disabled")
def severe(p):
    return (p.disability_grade >= 1) & (p.disability_grade <= 2)


@figure(
    person,
    "重度残疾或三级智力、精神残疾",
    "Severely disabled, or mentally of grade 3",
    cite="民发〔2021〕57号第八条",
)
def severe_or_mental(p):
    return p.severe | ((p.disability_grade == 3) & p.disability_kind.is_in("intellectual", "mental"))


@figure(
    person,
    "四类收入",
    "Wages, business, property and transfers",
    cite="民发〔2021〕57号第十三条；民发〔2021〕43号第六条",
)
def ordinary_income(p):
    """Preferential pensions, rewards and assistance received are facts of their own and never count."""
    cost = least(p.work_cost, p.wage * p.parameter("income.work_cost_most"))
    earned = p.wage - cost + p.business_income
    return earned + p.property_income + p.transfer_income + p.other_income


@figure(person, "可计收入", "Counted income", cite="民发〔2021〕57号第十三条")
def counted_income(p):
    pension = choose(p.parameter("income.basic_pension_counted"), p.basic_pension)
    allowance = choose(p.parameter("income.old_age_allowance_counted"), p.old_age_allowance)
    return p.ordinary_income + pension + allowance


@figure(
    person,
    "残疾、重病刚性支出",
    "Cost of disability and serious illness in 12 months",
    cite="民发〔2021〕57号第十三条",
)
def care_cost(p):
    needed = p.serious_illness | (p.disability_grade >= 1)
    return choose(needed, p.medical_own_paid + p.rehab_cost)


@figure(
    person,
    "计入低保审核的成员",
    "Member who counts for the guarantee",
    cite="民发〔2021〕43号第四条：特困人员另行供养",
)
def covered(p):
    return p.member & ~p.extreme_hardship


@figure(household, "家庭成员数", "Members")
def members_count(h):
    return h.count(h.members.member)


@figure(household, "计入审核的成员数", "Members who count")
def size(h):
    return h.count(h.members.covered)


@figure(household, "低保标准", "Minimum living standard a head")
def standard(h):
    return h.parameter("guarantee.standard") + 0


@figure(household, "家庭月总收入", "Whole income of the household a month", cite="民发〔2021〕57号第十三条")
def total_income(h):
    return most(h.sum(h.members.counted_income, where=h.members.covered), 0)


@figure(
    household,
    "家庭月收入（扣减后）",
    "Income of the household a month, less the cost of care",
    cite="民发〔2021〕57号第十三条",
)
def household_income(h):
    care = h.sum(h.members.care_cost, where=h.members.covered) // 12
    return h.total_income - least(care, h.total_income * h.parameter("income.care_deduction_most"))


@figure(household, "金融资产", "Financial assets", cite="民发〔2021〕57号第十四条")
def financial_assets(h):
    return h.deposits + h.securities + h.other_assets


@figure(household, "车辆符合规定", "No car beyond the exempt", cite="民发〔2021〕57号第十四条")
def cars_modest(h):
    return (h.vehicles == 0) | h.vehicles_exempt


@figure(household, "低保财产条件", "Property allowed on the guarantee", cite="民发〔2021〕57号第十四条")
def property_modest(h):
    assets = h.financial_assets <= h.standard * h.members_count * h.parameter("property.asset_months")
    homes = h.housing_count <= h.parameter("property.homes_most")
    return assets & homes & h.cars_modest & (h.market_capital <= h.parameter("property.capital_most"))


@figure(household, "低保边缘财产条件", "Property allowed at the edge", cite="民发〔2021〕57号第八条")
def property_edge(h):
    assets = h.financial_assets <= h.standard * h.members_count * h.parameter("property.asset_months_edge")
    homes = h.housing_count <= h.parameter("property.homes_most_edge")
    return assets & homes & h.cars_modest & (h.market_capital <= h.parameter("property.capital_most"))


@figure(person, "本人财产符合规定", "Own property allowed", cite="民发〔2021〕57号第十四条；限额由地方规定")
def own_modest(p):
    """Of somebody who is looked at alone: what the household owns says nothing about her."""
    return p.own_assets <= p.household.standard * p.parameter("property.asset_months")


@figure(household, "本区户籍家庭", "Registered in the district")
def registered(h):
    return h.any(h.members.member & h.members.local_hukou)


@figure(
    person,
    "本人刚性支出",
    "Rigid spending for a member in 12 months",
    cite="刚性支出困难家庭认定办法第五条：教育支出不含研究生阶段",
)
def rigid_cost(p):
    school = choose(p.student == "postgraduate", 0, p.education_cost)
    return p.medical_own_paid + school + p.rehab_cost


@figure(household, "近十二个月刚性支出", "Rigid spending in 12 months", cite="刚性支出困难家庭认定办法第五条")
def rigid_spending(h):
    return h.living_rigid_cost + h.other_rigid_cost + h.sum(h.members.rigid_cost, where=h.members.covered)


@figure(
    household,
    "刚性支出超出部分",
    "Rigid spending beyond the share of income",
    cite="刚性支出困难家庭认定办法第四条",
)
def rigid_excess(h):
    """Of the whole income: the cost of an illness is spending here, and is not taken from the income as well."""
    return h.rigid_spending - h.total_income * 12 * h.parameter("rigid.share")


@figure(
    household,
    "收入低于人均可支配收入",
    "Income below the disposable income",
    cite="刚性支出困难家庭认定办法第四条",
)
def below_disposable(h):
    return h.household_income * 12 < h.parameter("rigid.disposable_income") * h.size


@figure(person, "救助对象类别", "Group of assistance", cite="社会救助法第十三条")
def assistance_group(p):
    """0 none, 1 extreme hardship, 2 guarantee, 3 edge, 4 rigid spending."""
    family = p.household
    of_family = choose(family.low_income_edge, 3, choose(family.rigid_hardship, 4))
    guaranteed = any_of(family.minimum_guarantee & p.covered, p.single_guarantee, p.religious_guarantee)
    return choose(p.extreme_hardship, 1, choose(guaranteed, 2, choose(p.covered, of_family)))
