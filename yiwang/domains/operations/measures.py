"""The rates of city management, each with its formula and where it comes from.

The shape of every rate: `numerator` of those in `denominator`. Both are names of counters of `evaluation`.
"""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "数字城管产品的指标枚举（处置率、结案率、立案率等的分子分母）；GB/T 30428.4 的三类评价对象"
DISTRICT = "本系统的界定；依据国办发〔2020〕53号“办结—回访—评价”"


@dataclass(frozen=True, slots=True)
class Measure:  # 评价指标
    """`good` says whether more is better; `objects`: which of area, unit, post it is computed for."""

    slug: str
    name: str
    name_en: str
    numerator: str
    denominator: str
    formula: str
    formula_en: str
    good: bool = True
    objects: tuple[str, ...] = ("area", "unit", "post")
    source: str = PRODUCT


MEASURES: tuple[Measure, ...] = (
    Measure(
        "valid_report_rate",
        "有效上报率",
        "Valid reports",
        "valid_reports",
        "reports",
        "有效上报数 ÷ 上报数；有效上报：已立案或并入其他案件的上报",
        "reports that were filed or joined with another, of all reports",
        objects=("area",),
    ),
    Measure(
        "filing_rate",
        "立案率",
        "Filed",
        "filed_reports",
        "valid_reports",
        "立案数 ÷ 有效上报数（同一批上报）",
        "reports filed by themselves, of the valid reports",
        objects=("area",),
        source="分母为通行口径，未核实",
    ),
    Measure(
        "filing_on_time_rate",
        "按时立案率",
        "Filed on time",
        "filed_on_time",
        "filed",
        "按时立案数 ÷ 立案数",
        "filings done by their due moment, of all filings",
        objects=("area", "post"),
    ),
    Measure(
        "filing_right_rate",
        "准确立案率",
        "Filed rightly",
        "filed_rightly",
        "filed",
        "准确立案数 ÷ 立案数；准确：此后未退回重新立案，未作废",
        "filings that did not come back and were not voided, of all filings",
        objects=("area", "post"),
    ),
    Measure(
        "precheck_on_time_rate",
        "按期核实率",
        "Checked before filing on time",
        "prechecked_on_time",
        "precheck_due",
        "按时核实数 ÷ 应核实数",
        "checks before filing done by their due moment, of those to be done",
        objects=("area", "post"),
    ),
    Measure(
        "dispatch_on_time_rate",
        "按期派遣率",
        "Dispatched on time",
        "dispatched_on_time",
        "dispatch_due",
        "按时派遣数 ÷ 应派遣数",
        "dispatches done by their due moment, of those to be done",
        objects=("area", "post"),
    ),
    Measure(
        "dispatch_right_rate",
        "准确派遣率",
        "Dispatched rightly",
        "dispatched_rightly",
        "dispatch_due",
        "准确派遣数 ÷ 应派遣数；准确：处置单位未以非本单位职责退回",
        "dispatches that the unit did not give back as not its duty, of those to be done",
        objects=("area", "post"),
    ),
    Measure(
        "handling_rate",
        "处置率",
        "Handled",
        "handled",
        "handle_due",
        "处置数 ÷ 应处置数",
        "handled, of those to be handled",
    ),
    Measure(
        "handling_on_time_rate",
        "按期处置率",
        "Handled on time",
        "handled_on_time",
        "handle_due",
        "按期处置数 ÷ 应处置数",
        "handled by the due moment, of those to be handled",
    ),
    Measure(
        "overdue_open_rate",
        "超期待处置率",
        "Overdue and not handled",
        "overdue_open",
        "handle_due",
        "超期未处置数 ÷ 应处置数；自到期时刻起计入",
        "past the due moment and not handled, of those to be handled; counted from the due moment on",
        good=False,
    ),
    Measure(
        "extension_rate",
        "延期率",
        "Extended",
        "extended",
        "handle_due",
        "延期数 ÷ 应处置数",
        "handlings whose limit was extended, of those to be handled",
        good=False,
    ),
    Measure(
        "verify_on_time_rate",
        "按期核查率",
        "Verified on time",
        "verified_on_time",
        "verify_due",
        "按时核查数 ÷ 应核查数",
        "verifications done by their due moment, of those to be done",
        objects=("area", "post"),
    ),
    Measure(
        "closing_rate",
        "结案率",
        "Closed",
        "closed",
        "close_due",
        "结案数 ÷ 应结案数；应结案：已立案，且在本期结案或有环节在本期超期",
        "closed, of those to be closed: filed, and closed or with a step overdue in the period",
        objects=("area", "unit"),
    ),
    Measure(
        "closing_on_time_rate",
        "按期结案率",
        "Closed on time",
        "closed_on_time",
        "close_due",
        "按期结案数 ÷ 应结案数；按期：派遣、处置、反馈、核查、结案均未超期",
        "closed with no step overdue, of those to be closed",
        objects=("area", "unit"),
    ),
    Measure(
        "closing_late_rate",
        "超期结案率",
        "Closed late",
        "closed_late",
        "close_due",
        "超期结案数 ÷ 应结案数",
        "closed with a step overdue, of those to be closed",
        good=False,
        objects=("area", "unit"),
    ),
    Measure(
        "rework_rate",
        "返工率",
        "Done again",
        "reworked",
        "close_due",
        "返工数 ÷ 应结案数；返工：核查或结案时退回处置单位重做的案件",
        "matters sent back to be done again, of those to be closed",
        good=False,
        objects=("area", "unit"),
    ),
    Measure(
        "satisfaction_rate",
        "满意率",
        "Satisfied",
        "satisfied",
        "rated",
        "评价为 4 星、5 星的上报数 ÷ 已评价上报数",
        "reports rated 4 or 5 of 5, of those rated",
        objects=("area", "unit"),
        source=DISTRICT,
    ),
    Measure(
        "solved_rate",
        "解决率",
        "Solved, as the reporter says",
        "solved",
        "solved_said",
        "诉求人答复已解决的上报数 ÷ 答复了是否解决的上报数",
        "reports whose reporter says it is solved, of those who said either",
        objects=("area", "unit"),
        source=DISTRICT,
    ),
)
BY_SLUG = {measure.slug: measure for measure in MEASURES}

# Counters that are shown beside the rates.
COUNTERS = {
    "reports": ("上报数", "Reports"),
    "filed": ("立案数", "Filings"),
    "handle_due": ("应处置数", "To be handled"),
    "handled": ("处置数", "Handled"),
    "handled_on_time": ("按期处置数", "Handled on time"),
    "handled_late": ("超期处置数", "Handled late"),
    "overdue_open": ("超期未处置数", "Overdue, not handled"),
    "returned": ("回退数", "Given back"),
    "close_due": ("应结案数", "To be closed"),
    "closed": ("结案数", "Closed"),
    "exempt": ("申诉成立、不计入统计", "Exempt by appeal"),
    "handling_hours": ("平均处置时长（小时）", "Mean hours of handling"),
}
