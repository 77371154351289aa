//! What the tests of this crate have in common: a lake in a folder of its own, and touches in few words.

use kith_core::{Calendar, Channel, Currency, IdentityId, ImportId, Instant, Slug, TenantId, Touch, TouchId, TouchKind};
use tempfile::TempDir;

use crate::{Lake, LakeFile, LakeOptions, Session, Snapshot};

pub(crate) struct TestLake {
    pub(crate) lake: Lake,
    pub(crate) folder: TempDir,
}

pub(crate) fn lake() -> TestLake {
    let folder = TempDir::new().unwrap();
    let lake = Lake::open(&folder.path().join("lake"), LakeOptions { memory_bytes: 256 << 20, threads: 2 }).unwrap();
    TestLake { lake, folder }
}

pub(crate) fn tea() -> TenantId {
    Slug::parse("茶-tea").unwrap()
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// A like on Weibo: its own id, who, when.
pub(crate) fn touch(own_id: &str, identity: i64, time: &str) -> Touch {
    let channel = Channel::parse("weibo").unwrap();
    Touch::new(TouchId::of(&tea(), "weibo", own_id), IdentityId(identity), Some(at(time)), TouchKind::Like, channel)
}

/// A touch that says something in every column.
pub(crate) fn full(own_id: &str, identity: i64) -> Touch {
    let mut touch = touch(own_id, identity, "2026-11-11T03:04:05.678901Z");
    touch.kind = TouchKind::Order;
    touch.medium = Some(kith_core::Medium::parse("paid-search").unwrap());
    touch.campaign = Some("双十一".into());
    touch.placement = Some("首页横幅".into());
    touch.account = Some("tea-shop".into());
    touch.post = Some("M_4711".into());
    touch.order = Some("订单-0001".into());
    touch.value = Some(-12_345);
    touch.currency = Some(Currency::CNY);
    touch.quantity = Some(1.5);
    touch.item = Some("龙井 🍵 250g".into());
    touch.score = Some(4.0);
    touch.promised_at = Some(at("2026-11-13T16:00:00Z"));
    touch.text = Some("好喝😀\n\"很快\"，下次还来".into());
    touch.attributes = r#"{"scale":"5","备注":"礼盒"}"#.into();
    touch.import = ImportId(3);
    touch.version = 1_700_000_000_000_000;
    touch
}

impl TestLake {
    pub(crate) fn write(&self, touches: &[Touch]) -> Vec<LakeFile> {
        self.lake.write_hot(&tea(), touches).unwrap()
    }

    pub(crate) fn snapshot(&self, files: Vec<LakeFile>) -> Snapshot {
        let calendar = Calendar::parse("Asia/Shanghai").unwrap();
        Snapshot { files, ..Snapshot::new(tea(), calendar, Currency::CNY, at("2026-12-01T00:00:00Z")) }
    }

    pub(crate) fn session(&self, files: Vec<LakeFile>) -> Session {
        self.lake.session(self.snapshot(files)).unwrap()
    }
}

/// One whole number that a text asks for.
pub(crate) async fn count(session: &Session, sql: &str) -> u64 {
    session.ask("a test", sql, vec![], |row| row.count("n")).await.unwrap()[0]
}
