"""The page of a package: what a person reads in a browser, years later, without any program of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from yiwang.core.worktime import SHANGHAI
from yiwang.kernel.records.archive.contents import Section

_STYLE = (
    "body{font:16px/1.7 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;"
    "color:#1d2733}h1{font-size:1.5rem}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #d5dbe1;"
    "padding:.35rem .5rem;text-align:left;vertical-align:top}th{width:11rem;font-weight:600}caption{text-align:left;"
    "font-weight:600;padding:1.2rem 0 .3rem}.quiet{color:#5a6673}"
)
_ACTIONS = {
    "open": "登记", "claim": "领取", "complete": "办理", "send_back": "退回", "reassign": "改派", "hold": "暂停计时",
    "resume": "恢复计时", "extend": "延期", "remind": "提醒", "merge": "合并", "split": "拆分", "withdraw": "撤回",
    "void": "作废", "close": "结案", "reopen": "重新办理", "rate": "评价", "relocate": "改位置", "attach": "加附件", "amend": "变更内容",
}  # fmt: skip
_STATES = {"closed": "已办结", "void": "已作废", "merged": "已合并", "withdrawn": "已撤回"}


def page(
    metadata: Mapping[str, Any],
    events: Iterable[tuple[datetime, str, str]],
    sections: Iterable[Section] = (),
) -> bytes:
    """HTML without script or anything from elsewhere; every value is put in as text."""
    keep = metadata["retention"]
    facts = [
        ("编号", metadata["number"]), ("种类", metadata["kind_name"]), ("状态", _STATES.get(metadata["state"], metadata["state"])),
        ("标题", metadata["title"]), ("内容", metadata["description"]), ("地址", metadata["address"]),
        ("区域", metadata["area_name"]), ("承办单位", metadata["unit_name"]),
        ("登记时间", _moment(metadata["opened_at"])), ("办结时间", _moment(metadata["closed_at"])),
        ("规则包", f"{metadata['pack']['name']} {metadata['pack']['version']}"),
        ("保管期限", f"{keep['name']}{('，至 ' + keep['until']) if keep['until'] else ''}" if keep else "未定"),
        ("归档时间", _moment(metadata["made_at"])),
    ]  # fmt: skip
    documents = [(one["name"], one["path"]) for one in metadata["documents"]]
    documents += [(f"{one['number']}（第 {one['version']} 版）", one["path"]) for one in metadata["licences"]]
    rows = _rows(facts)
    more = "".join(
        f"<table><caption>{escape(one.title)}</caption>{_rows(one.rows, True)}</table>" for one in sections
    )
    files = "".join(
        f'<tr><td><a href="{escape(path)}">{escape(name)}</a></td><td>{escape(path)}</td></tr>'
        for name, path in documents
    )
    story = "".join(
        f"<tr><td>{escape(at.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M'))}</td><td>{escape(_ACTIONS.get(action, action))}</td>"
        f"<td>{escape(who)}</td></tr>"
        for at, action, who in events
    )
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        f"<title>{escape(metadata['number'])} 电子档案</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(metadata['title'] or metadata['number'])}</h1><table><caption>基本情况</caption>{rows}</table>"
        + more
        + (f"<table><caption>文件</caption>{files}</table>" if files else "")
        + f"<table><caption>办理经过</caption>{story}</table>"
        '<p class="quiet">完整的办理记录在 events.json，每条都带有前一条的摘要；manifest.json 列有每个文件的摘要，'
        "signature.json 是对它的签名。用 yiwang archive verify 查验。</p></body></html>"
    ).encode()


def _rows(lines: Iterable[tuple[str, Any]], empty: bool = False) -> str:
    return "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(str(value or ""))}</td></tr>'
        for name, value in lines
        if value or empty
    )


def _moment(text: str | None) -> str:
    return text[:16].replace("T", " ") if text else ""
