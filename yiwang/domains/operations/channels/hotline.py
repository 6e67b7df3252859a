"""12345 热线工单: work orders as the hotline exports them, in CSV or Excel.

The usual columns are below; what a city calls otherwise is given in the option `columns`.
"""

from __future__ import annotations

from yiwang.domains.operations.channels.columns import ColumnChannel


class Hotline(ColumnChannel):
    slug = "hotline"
    name = "12345 热线"
    name_en = "12345 hotline"
    known = {
        "external_id": ("工单编号", "工单号", "诉求编号", "受理编号", "order_no"),
        "sent_at": ("来电时间", "受理时间", "诉求时间", "登记时间", "call_time"),
        "contact_name": ("诉求人", "来电人", "诉求人姓名", "反映人", "caller"),
        "contact_phone": ("联系电话", "来电号码", "诉求人电话", "电话", "caller_phone"),
        "address": ("地址", "诉求地址", "事发地址", "事发地点", "反映地址", "address"),
        "title": ("诉求标题", "工单标题", "标题", "title"),
        "text": ("诉求内容", "工单内容", "反映内容", "诉求描述", "request"),
        "label": ("诉求分类", "诉求类别", "工单分类", "一级分类", "category"),
        "lon": ("经度", "lon"),
        "lat": ("纬度", "lat"),
    }
    needed = (("external_id",), ("text",))
