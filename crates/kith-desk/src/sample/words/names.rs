//! Invented names and real cities.

use kith_core::Language;

use super::super::dice::{mix, pick};

/// City and province; the first are the likelier ones.
pub(in super::super) const CITIES: [(&str, &str); 32] = [
    ("上海", "上海"),
    ("杭州", "浙江"),
    ("北京", "北京"),
    ("深圳", "广东"),
    ("广州", "广东"),
    ("成都", "四川"),
    ("南京", "江苏"),
    ("苏州", "江苏"),
    ("武汉", "湖北"),
    ("宁波", "浙江"),
    ("厦门", "福建"),
    ("重庆", "重庆"),
    ("西安", "陕西"),
    ("长沙", "湖南"),
    ("青岛", "山东"),
    ("福州", "福建"),
    ("天津", "天津"),
    ("郑州", "河南"),
    ("合肥", "安徽"),
    ("无锡", "江苏"),
    ("佛山", "广东"),
    ("东莞", "广东"),
    ("昆明", "云南"),
    ("济南", "山东"),
    ("大连", "辽宁"),
    ("沈阳", "辽宁"),
    ("温州", "浙江"),
    ("南昌", "江西"),
    ("贵阳", "贵州"),
    ("哈尔滨", "黑龙江"),
    ("兰州", "甘肃"),
    ("乌鲁木齐", "新疆"),
];

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑",
    "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭", "萧", "蔡", "潘", "田", "董", "袁", "欧阳", "司徒",
];
const GIVEN_F: [&str; 24] = [
    "梅", "静", "婷婷", "雨桐", "思琪", "欣怡", "晓燕", "丽娜", "子涵", "佳怡", "若兰", "诗雅", "美玲", "秀英", "雪", "小满",
    "芷若", "慧敏", "一诺", "可欣", "文静", "梦瑶", "安然", "青",
];
const GIVEN_M: [&str; 24] = [
    "伟", "强", "磊", "浩然", "子轩", "建国", "志明", "俊杰", "宇航", "明", "大勇", "天佑", "文博", "思远", "嘉豪", "海涛",
    "立新", "一鸣", "鹏", "家栋", "晨", "国栋", "瑞", "子墨",
];
const FIRST_F: [&str; 16] = [
    "Anna", "Grace", "Emily", "Sophie", "Mia", "Clara", "Joanne", "Ruth", "Helen", "Priya", "Chloe", "Maria", "Yuki", "Nora",
    "Lucy", "Fiona",
];
const FIRST_M: [&str; 16] = [
    "Tom", "James", "Daniel", "Oliver", "Ben", "Peter", "Marco", "Lukas", "Kenji", "Arjun", "Sam", "Hugh", "Leo", "Paul", "Eric",
    "Simon",
];
const LAST: [&str; 16] = [
    "Miller", "Baker", "O'Neill", "Schmidt", "Rossi", "Patel", "Tanaka", "Nguyen", "Smith", "Brown", "Dubois", "Kowalski",
    "Silva", "Young", "Walker", "Hughes",
];
const HANDLE_A: [&str; 28] = [
    "爱喝茶的",
    "半糖",
    "早睡的",
    "山里的",
    "不加班的",
    "今天也要",
    "一只",
    "云朵",
    "慢吞吞",
    "橘子味",
    "南方",
    "胖胖的",
    "晒太阳的",
    "深夜",
    "追剧的",
    "小小",
    "追光",
    "老",
    "住在城南的",
    "有点困的",
    "周末的",
    "清晨",
    "漫游",
    "三分甜",
    "会飞的",
    "认真",
    "月下",
    "隔壁",
];
const HANDLE_B: [&str; 26] = [
    "猫", "桃子", "阿青", "老王", "麦穗", "鲸鱼", "栗子", "小鹿", "豆包", "茶客", "柚子", "面包", "松鼠", "米粒", "旅人", "考拉",
    "麻薯", "星星", "狐狸", "芝麻", "小熊", "山雀", "兔子", "果酱", "先生", "姑娘",
];
const MAILBOXES: [&str; 12] =
    ["tea", "leaf", "mei.lin", "xiaoyu", "jasmine", "wang", "li.na", "chen", "oolong", "quiet.cup", "zhou", "hello"];

/// The name on a parcel.
pub(in super::super) fn name(language: Language, contact: u64, woman: bool) -> String {
    let luck = mix(contact ^ 0x6e61_6d65);
    if language == Language::Zh {
        format!("{}{}", pick(&SURNAMES, luck), pick(if woman { &GIVEN_F } else { &GIVEN_M }, luck >> 20))
    } else {
        format!("{} {}", pick(if woman { &FIRST_F } else { &FIRST_M }, luck), pick(&LAST, luck >> 20))
    }
}

/// The name on a network. Two people may have the same, as everywhere.
pub(in super::super) fn handle(language: Language, contact: u64, woman: bool) -> String {
    let luck = mix(contact ^ 0x6861_6e64);
    let number = luck >> 40 & 0x3ff;
    if language == Language::En {
        let first = pick(if woman { &FIRST_F } else { &FIRST_M }, luck).to_lowercase();
        return format!("{first}_{}{number}", pick(&["tea", "reads", "leaf", "cup", "walks"], luck >> 12));
    }
    let base = format!("{}{}", pick(&HANDLE_A, luck), pick(&HANDLE_B, luck >> 12));
    match luck >> 56 & 7 {
        0 | 1 => base,
        2 => format!("{base}🍃"),
        3 => format!("{base}_"),
        _ => format!("{base}{number}"),
    }
}

/// The beginning of an e-mail address; the contact's number makes it one of its own.
pub(in super::super) fn mailbox(contact: u64) -> &'static str {
    pick::<&str>(&MAILBOXES, mix(contact ^ 0x6d61_696c))
}
