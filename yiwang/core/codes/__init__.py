"""Codes of people, organisations, places and city objects: their formats, check digits and clear errors.

Every ``parse_*`` function takes text as people type it (full-width digits, spaces and dashes are accepted),
gives a frozen dataclass whose ``value`` is the normal form, and raises `CodeError` when the text can't be it.
"""

from .city import (
    ComponentCode,
    GridCode,
    MatterClass,
    component_code,
    parse_component_code,
    parse_grid_code,
    parse_matter_class,
)
from .errors import CodeError
from .masks import mask_id, mask_name, mask_numbers, mask_phone
from .matters import MatterNumber, matter_number, parse_matter_number
from .organisations import OrgCode, Uscc, parse_org_code, parse_uscc
from .people import Phone, ResidentId, parse_mobile, parse_phone, parse_resident_id
from .places import AreaCode, parse_area_code
from .projects import ProjectCode, parse_project_code

__all__ = [
    "AreaCode",
    "CodeError",
    "ComponentCode",
    "GridCode",
    "MatterClass",
    "MatterNumber",
    "OrgCode",
    "Phone",
    "ProjectCode",
    "ResidentId",
    "Uscc",
    "component_code",
    "mask_id",
    "mask_name",
    "mask_numbers",
    "mask_phone",
    "matter_number",
    "parse_area_code",
    "parse_component_code",
    "parse_grid_code",
    "parse_matter_class",
    "parse_matter_number",
    "parse_mobile",
    "parse_org_code",
    "parse_phone",
    "parse_project_code",
    "parse_resident_id",
    "parse_uscc",
]
