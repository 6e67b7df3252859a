"""What the owner of a restaurant answers."""

RESTAURANT = {
    "enterprise_name": "大东区老味道饭店",
    "registered": "yes",
    "enterprise_code": "91350100M000100Y43",
    "operator_name": "王大厨",
    "operator_id": "11010519491231002X",
    "operator_phone": "13840000001",
    "premises_address": "长安路 12 号",
    "premises_area": "120",
    "premises_right": "own",
    "food_kinds": ["hot", "cold"],
    "cold_room": "yes",
    "food_safety_manager": "李小安",
    "staff": [{"name": "王大厨", "health_until": "2027-06-30"}],
    "kitchen_area": "40",
    "dining_area": "60",
}
