"""单独申请低保: who may have the guarantee alone, as a household of one."""

from yiwang.core.policy import Programme, amount, condition, figure, most, person


@figure(
    person,
    "单人户低保金",
    "Guarantee of a household of one",
    cite="民发〔2021〕57号第八条、第二十七条；单人户差额的算法由地方规定",
)
def alone(p):
    """The difference of the own income to the standard, and the own top-up."""
    return p.household.standard - most(p.counted_income, 0) + p.topup


class SingleGuarantee(Programme):
    """单人保: a severely disabled or seriously ill member of an edge household, as a household of one."""

    entity = person
    name = "单人户低保"
    name_en = "Single-person guarantee"
    since = "2021-07-01"
    pays = "month"
    rises_with_income = "家庭收入由低保升至低保边缘后，重度残疾、重病成员可单独纳入低保（民发〔2021〕57号第八条；社会救助法第二十一条）"

    @condition("低保边缘家庭成员", "Member of an edge household", cite="民发〔2021〕57号第八条")
    def at_edge(p):
        return p.covered & p.household.low_income_edge

    at_edge.cited("2026-07-01", "社会救助法第二十一条")

    @condition(
        "家庭未在渐退期领取低保金",
        "The household is not paid the guarantee in its gradual exit",
        cite="民政部等通知（2022-10-20）一（三）：渐退期内原额续发，不重复发放",
        since="2022-10-20",
    )
    def not_exiting(p):
        return ~p.household.gradual_exit

    @condition(
        "重度残疾、三级智力精神残疾或重病",
        "Severely disabled, mentally of grade 3, or seriously ill",
        cite="民发〔2021〕57号第八条",
    )
    def special_member(p):
        return p.severe_or_mental | p.serious_illness

    special_member.cited("2026-07-01", "社会救助法第二十一条；民发〔2021〕57号第八条")

    @condition("本人收入低于低保标准", "Own income below the standard", cite="民发〔2021〕57号第八条")
    def income_below(p):
        return p.counted_income < p.household.standard

    @amount(
        "本人差额和增发额",
        "Difference to the standard, and top-up",
        cite="民发〔2021〕57号第八条、第二十七条",
    )
    def monthly(p):
        return p.alone

    monthly.cited("2026-07-01", "社会救助法第二十条、第二十一条；民发〔2021〕57号第八条")


class ReligiousGuarantee(Programme):
    """宗教教职人员单独低保: religious who have lived in a place of worship, apart from the family, for three years."""

    entity = person
    name = "宗教教职人员单独低保"
    name_en = "Guarantee of religious staff alone"
    since = "2021-07-01"
    pays = "month"

    @condition(
        "脱离家庭、在宗教场所居住三年以上的宗教教职人员",
        "Religious, apart from the family in a place of worship for three years",
        cite="民发〔2021〕57号第八条第（三）项、第七条",
    )
    def apart(p):
        return p.alive & (p.excluded == "religious")

    @condition("本区户籍", "Registered in the district", cite="民发〔2021〕57号第四条")
    def registered_here(p):
        return p.local_hukou

    registered_here.cited("2026-07-01", "社会救助法第三十七条；民发〔2021〕57号第四条")

    @condition("不是特困人员", "Not in extreme hardship", cite="民发〔2021〕43号第四条：特困人员另行供养")
    def not_hardship(p):
        return ~p.extreme_hardship

    @condition(
        "本人收入低于低保标准",
        "Own income below the standard",
        cite="民发〔2021〕57号第八条第（三）项：生活困难",
    )
    def income_below(p):
        return p.counted_income < p.household.standard

    @condition("本人财产符合规定", "Own property allowed", cite="民发〔2021〕57号第十四条")
    def property_allowed(p):
        return p.own_modest

    property_allowed.cited("2026-07-01", "社会救助法第二十三条；民发〔2021〕57号第十四条")

    @amount(
        "本人差额和增发额",
        "Difference to the standard, and top-up",
        cite="民发〔2021〕57号第八条、第二十七条",
    )
    def monthly(p):
        return p.alone

    monthly.cited("2026-07-01", "社会救助法第二十条；民发〔2021〕57号第八条")
