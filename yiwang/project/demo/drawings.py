"""Drawings of the demonstration's projects as files, in versions: the same bytes every time."""

from __future__ import annotations

import json
from pathlib import Path

from yiwang.domains.approvals import sharing
from yiwang.kernel.records import attachments
from yiwang.kernel.records.attachments import Checked
from yiwang.kernel.records.licences.rendering import fonts

TEMPLATE = Path(__file__).with_name("drawing.typ")
NAMES = {"drawings": "施工图设计文件", "design-scheme": "建设工程设计方案"}
ORDINALS = ("第一版", "第二版")
ZONES = {
    1: [("地下车库 防火分区一", 150), ("设备用房", 60)],
    2: [("防火分区一", 75), ("防火分区二", 75), ("设备用房", 60)],
}
NOTES = {1: ["地下车库为一个防火分区"], 2: ["地下车库划分为两个防火分区", "其余同第一版"]}


def drawing(project: str, material: str, version: int) -> Checked:
    """A sheet, checked as every file that somebody sends."""
    import typst

    said = {
        "title": f"{NAMES[material]}（示例）", "project": project, "version": ORDINALS[version - 1],
        "parts": ZONES[version], "notes": NOTES[version], "note": "演示数据，不是真实图纸",
    }  # fmt: skip
    data = typst.compile(
        TEMPLATE, root=str(TEMPLATE.parent), font_paths=[str(fonts())], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(said, ensure_ascii=False, sort_keys=True)},
    )  # fmt: skip
    return attachments.check(data, f"{NAMES[material]}-{ORDINALS[version - 1]}.pdf", kinds=sharing.TAKEN)
