//! Lifecycle, cohorts, paths and the list of contacts.

use super::*;

fn people() -> Story {
    story()
        // 1 looks once; 2 thrice; 3 leaves a lead; 4 bought once; 5 twice; 6 bought and praised; 7 bought long ago; 8 was sent a letter.
        .by(1, TouchKind::Visit, "20 10:00", "weibo")
        .by(2, TouchKind::Visit, "20 10:00", "weibo")
        .by(2, TouchKind::Visit, "21 10:00", "weibo")
        .by(2, TouchKind::Question, "22 10:00", "weibo")
        .told(3, TouchKind::Lead, "20 10:00", |_| ())
        .order(4, "A", "20 10:00", 100)
        .order(5, "B", "2026-10-20 10:00", 100)
        .order(5, "C", "20 10:00", 100)
        .order(6, "D", "20 10:00", 100)
        .told(6, TouchKind::Review, "22 10:00", |touch| touch.score = Some(5.0))
        .order(7, "E", "2026-06-20 10:00", 100)
        .told(7, TouchKind::Visit, "20 10:00", |_| ())
        .told(8, TouchKind::Sent, "20 10:00", |_| ())
        .told(9, TouchKind::Visit, "2026-06-20 10:00", |_| ())
}

#[tokio::test]
async fn everybody_is_in_the_stage_that_the_rules_say() {
    let session = people().open();
    let rules = LifecycleRules::default();
    let counts = session.stages(time("30 00:00"), &rules).await.unwrap();
    let seen: Vec<_> = counts.iter().map(|count| (count.stage.as_str(), count.contacts)).collect();
    let want =
        [("aware", 2), ("considering", 1), ("preferring", 1), ("customer", 1), ("repeat", 1), ("advocate", 1), ("lapsed", 2)];
    assert_eq!(seen, want);
    let page = ContactPage { at: time("30 00:00"), rules, stage: Some(LifecycleStage::Repeat), limit: 5, offset: 0 };
    let list = session.contact_list(&page).await.unwrap();
    assert_eq!((list.len(), list[0].contact.0, list[0].orders, list[0].minor), (1, 5, 2, Some(200)));
}

#[tokio::test]
async fn the_list_of_contacts_goes_page_by_page() {
    let session = people().open();
    let page = |offset| ContactPage { at: time("30 00:00"), rules: LifecycleRules::default(), stage: None, limit: 4, offset };
    let mut seen = Vec::new();
    for offset in [0, 4, 8] {
        seen.extend(session.contact_list(&page(offset)).await.unwrap().into_iter().map(|row| row.contact.0));
    }
    assert_eq!(seen, [2, 6, 1, 3, 4, 5, 7, 8, 9]);
}

#[tokio::test]
async fn flows_add_up_to_the_people_known() {
    let session = people().open();
    let rules = LifecycleRules::default();
    let flows = session.stage_flows(time("15 00:00"), time("30 00:00"), &rules).await.unwrap();
    let moved = |before: Option<LifecycleStage>, after: Option<LifecycleStage>| {
        flows.iter().find(|flow| flow.before == before && flow.after == after).map_or(0, |flow| flow.contacts)
    };
    assert_eq!(flows.iter().map(|flow| flow.contacts).sum::<u64>(), 9);
    assert_eq!(moved(None, Some(LifecycleStage::Considering)), 1);
    assert_eq!(moved(Some(LifecycleStage::Customer), Some(LifecycleStage::Repeat)), 1);
    assert_eq!(moved(Some(LifecycleStage::Lapsed), Some(LifecycleStage::Lapsed)), 2);
}

#[tokio::test]
async fn a_cohort_is_the_month_of_the_first_order() {
    let session = people().open();
    let window = Window::of_days(day("2026-06-15"), day("2026-11-30"), session.calendar()).unwrap();
    let rows = session.cohorts(window).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.cohort.to_string(), row.month.to_string(), row.people)).collect();
    let want = [
        ("2026-06-01", "2026-06-01", 1),
        ("2026-10-01", "2026-10-01", 1),
        ("2026-10-01", "2026-11-01", 1),
        ("2026-11-01", "2026-11-01", 2),
    ];
    assert_eq!(seen, want.map(|(cohort, month, people)| (cohort.to_owned(), month.to_owned(), people)));
}

#[tokio::test]
async fn journeys_end_in_orders_or_in_nothing() {
    let session = story()
        .by(1, TouchKind::Read, "2 10:00", "weibo")
        .by(1, TouchKind::Read, "3 10:00", "weibo")
        .by(1, TouchKind::Visit, "4 10:00", "email")
        .order(1, "A", "5 10:00", 100)
        .refund("A", 30)
        .by(1, TouchKind::Visit, "6 10:00", "email")
        .by(2, TouchKind::Visit, "6 10:00", "email")
        .by(3, TouchKind::Visit, "2026-09-06 10:00", "email")
        .order(3, "B", "7 10:00", 50)
        .open();
    let query = PathQuery { window: november(), steps: Group::Medium, look_back_days: 30 };
    let rows = session.paths(&query).await.unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.name(), row.conversions, row.nulls, row.minor)).collect();
    assert_eq!(
        seen,
        [("weibo > weibo > email".to_owned(), 1, 0, 70), ("(nothing known)".to_owned(), 1, 0, 50), ("email".to_owned(), 0, 2, 0),]
    );
}
