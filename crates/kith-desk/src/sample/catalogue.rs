//! What the shop sells.

/// A tea, a set or a tool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) sku: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    /// Price in fen.
    pub(super) price: i64,
}

const fn item(sku: &'static str, zh: &'static str, en: &'static str, price: i64) -> Item {
    Item { sku, zh, en, price }
}

/// Cheapest first: a bigger purse reaches further down the list.
pub(super) const ITEMS: [Item; 20] = [
    item("TB-010", "茉莉花茶便携袋10包", "Jasmine tea, 10 bags", 1_990),
    item("CB-006", "冷泡乌龙6支", "Cold-brew oolong, 6 sticks", 2_900),
    item("TB-020", "荞麦茶20包", "Buckwheat tea, 20 bags", 2_980),
    item("CB-012", "冷泡茉莉12支", "Cold-brew jasmine, 12 sticks", 4_580),
    item("BT-050", "祁门红茶50克", "Keemun black tea, 50 g", 4_900),
    item("GT-050", "龙井50克", "Longjing green tea, 50 g", 5_800),
    item("OL-075", "凤凰单丛75克", "Phoenix oolong, 75 g", 6_800),
    item("WT-050", "白牡丹50克", "White Peony, 50 g", 6_900),
    item("PE-100", "熟普小沱100克", "Ripe pu'er, 100 g", 7_800),
    item("FL-080", "桂花乌龙80克", "Osmanthus oolong, 80 g", 8_800),
    item("GT-100", "碧螺春100克", "Biluochun green tea, 100 g", 11_800),
    item("BT-125", "正山小种125克", "Lapsang souchong, 125 g", 12_800),
    item("CP-001", "一叶玻璃快客杯", "One Leaf travel cup", 13_900),
    item("OL-150", "铁观音清香150克", "Tieguanyin, 150 g", 14_800),
    item("WT-150", "老白茶饼150克", "Aged white tea cake, 150 g", 16_800),
    item("GF-101", "四季礼盒", "Four seasons gift box", 19_800),
    item("GT-200", "明前龙井200克", "First-flush Longjing, 200 g", 29_800),
    item("GF-102", "中秋茶月礼盒", "Mid-Autumn tea and mooncake box", 32_800),
    item("ST-001", "汝窑盖碗套组", "Ru ware gaiwan set", 36_800),
    item("GF-103", "岁岁年年大礼盒", "New Year grand gift box", 58_800),
];
