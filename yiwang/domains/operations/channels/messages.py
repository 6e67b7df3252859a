"""留言: plain messages in a table, with or without a class of their own.

Columns: a title (title, 留言主题) or a text (text, 留言详情), and any of number, time, class, address.
"""

from __future__ import annotations

from yiwang.domains.operations.channels.columns import ColumnChannel


class Messages(ColumnChannel):
    slug = "messages"
    name = "网络留言"
    name_en = "Messages"
    known = {
        "external_id": ("留言编号", "编号", "id", "number", "message_id"),
        "title": ("title", "留言主题", "主题", "标题", "subject"),
        "text": ("text", "留言详情", "留言内容", "内容", "正文", "body", "content", "message"),
        "sent_at": ("留言时间", "时间", "sent_at", "time", "date", "提交时间"),
        "label": ("label", "一级标签", "一级分类", "类别", "分类", "class", "category"),
        "contact_name": ("留言人", "姓名", "name", "contact_name"),
        "contact_phone": ("电话", "联系电话", "手机", "phone", "contact_phone"),
        "address": ("地址", "地点", "address"),
        "lon": ("经度", "lon", "lng", "longitude"),
        "lat": ("纬度", "lat", "latitude"),
    }
    needed = (("text", "title"),)
