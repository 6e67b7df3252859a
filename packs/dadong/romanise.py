"""Pinyin of the names in this pack, for their English forms; a table, so that every reading can be checked by eye."""

_READINGS = {
    "ba": "八", "bai": "白百柏", "bao": "宝堡", "bei": "北", "bian": "边", "bo": "铂博", "cang": "仓", "cao": "草",
    "ceng": "曾", "chang": "长", "cheng": "城诚", "chun": "春", "cun": "村", "da": "大达", "dao": "道", "de": "德",
    "di": "地", "dong": "东动", "du": "都", "er": "二尔", "fa": "法", "fang": "房方坊", "feng": "丰枫", "fo": "佛",
    "fu": "付富府福辅", "gang": "岗钢", "gao": "高", "ge": "戈", "gong": "公工", "gua": "瓜", "guan": "官观关",
    "guang": "光", "gui": "贵", "guo": "国", "hai": "海", "hang": "航", "he": "合和河荷", "hou": "后", "hu": "湖",
    "hua": "华花", "hui": "惠汇晖", "ji": "吉", "jia": "家", "jiang": "江匠", "jiao": "教", "jie": "结", "jin": "津金锦进",
    "jing": "景", "jiu": "久", "ju": "居", "jun": "军", "kang": "康", "ke": "棵客", "ku": "库", "kuang": "矿",
    "kui": "魁", "lan": "蓝", "lao": "老劳", "le": "乐", "li": "丽俪黎梨立", "lian": "莲联", "liang": "梁",
    "lin": "林邻临", "ling": "岭领陵", "liu": "柳", "long": "龙", "lu": "炉路", "ma": "马", "mao": "茂贸",
    "min": "民", "ming": "明", "mo": "摩", "mu": "木睦", "ni": "泥", "nan": "南", "nong": "农", "pan": "畔", "pang": "滂", "pi": "皮",
    "pin": "品", "ping": "平", "qi": "启", "qian": "前浅", "qiang": "墙强", "qiao": "桥", "qing": "庆", "qu": "取",
    "quan": "泉", "qun": "群", "rong": "荣融", "ru": "如", "rui": "瑞", "san": "三", "sha": "沙", "shan": "山善",
    "shang": "上尚", "shao": "绍韶", "shen": "沈", "sheng": "生胜圣", "shi": "世士", "shu": "树", "shun": "顺",
    "si": "四寺", "ta": "塔", "tai": "台", "tan": "坛", "tang": "堂棠", "tao": "淘陶", "tian": "天", "tie": "铁",
    "ting": "亭庭", "tuan": "团", "tun": "屯", "wa": "洼", "wan": "万", "wang": "望王", "wei": "卫", "wen": "文",
    "wu": "五务", "xi": "熙西", "xiao": "小", "xie": "谐", "xin": "新辛", "xing": "兴幸星", "xiu": "绣", "xue": "学",
    "yan": "沿", "yang": "阳", "yi": "义意逸宜", "ying": "营迎", "yong": "永", "you": "友", "yu": "域宇榆",
    "yuan": "苑园源愿员", "yue": "悦月樾", "yun": "韵云", "ze": "泽", "zeng": "增", "zhan": "站詹", "zhao": "赵",
    "zheng": "正", "zhi": "志", "zhong": "中", "zhou": "舟", "zhu": "朱筑珠", "zi": "子", "zui": "嘴", "zuo": "作",
    "an": "安", "bin": "滨", "chen": "辰", "ci": "瓷", "xiang": "祥", "cui": "翠", "chan": "产", "bing": "兵", "lü": "绿", "zhuang": "庄", "xuan": "轩", "bu": "步",
}  # fmt: skip
_PINYIN = {character: reading for reading, characters in _READINGS.items() for character in characters}

_ROADS = (("大马路", "Great Road"), ("大街", "Avenue"), ("街", "Street"), ("路", "Road"), ("巷", "Lane"))
_AREAS = (
    ("社区", "Community"),
    ("村民委员会", "Village"),
    ("街道", "Sub-district"),
    ("区", "District"),
)


def pinyin(name: str) -> str:
    """The name as one capitalised word, with the apostrophe before a, e, o. Raises KeyError for an unlisted character."""
    word = ""
    for character in name:
        reading = _PINYIN[character]
        word += "'" + reading if word and reading[0] in "aeo" else reading
    return word.capitalize()


def area_name(name: str) -> str:
    for ending, english in _AREAS:
        if name.endswith(ending):
            # 前詹屯村民委员会 and 木匠村村民委员会 are the villages 前詹屯 and 木匠.
            bare = name.removesuffix(ending).removesuffix("村" if english == "Village" else "")
            return f"{pinyin(bare)} {english}"
    raise KeyError(name)


def road_name(name: str) -> str:
    for ending, english in _ROADS:
        if name.endswith(ending):
            return f"{pinyin(name.removesuffix(ending))} {english}"
    raise KeyError(name)
