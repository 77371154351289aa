//! Killed while merging two contacts, and while taking the merge back: one person or two, and never a touch less.

use super::bench_of_victims::{End, Victim, kills};

#[test]
fn a_killed_merge_loses_no_touch() {
    let mut victim = Victim::new("merging");
    // A family: two logins of one shop with one phone, so the rules propose and do not merge.
    let text = "order id,buyer id,buyer phone,created at,amount,channel\n\
                1,mei,13800138000,2026-01-03 10:00:00,12.00,shop\n\
                2,ming,13800138000,2026-01-04 11:00:00,30.00,shop\n";
    let file = victim.path().join("orders.csv");
    std::fs::write(&file, text).unwrap();
    victim.must(&["import", file.to_str().unwrap(), "--kind", "orders", "--channel", "shop"]);
    let touches = victim.number("SELECT count(*) FROM touches");
    let people = "SELECT count(DISTINCT contact) FROM touches WHERE kind = 'order'";
    assert_eq!(victim.number(people), 2, "a shared phone does not merge people");

    let proposals = proposals(&victim);
    assert_eq!(proposals.len(), 2, "each login with the shared phone");
    let span = victim.time(&["merges", "accept", &proposals[0].to_string()]);
    victim.must(&["merges", "accept", &proposals[1].to_string()]);
    assert_eq!(victim.number(people), 1);

    let mut killed = 0;
    for n in 1..=kills() {
        let standing = standing(&victim);
        let end = if let Some(merge) = standing.first() {
            victim.kill(&["merges", "undo", &merge.to_string()], span)
        } else {
            let open = self::proposals(&victim);
            victim.kill(&["merges", "accept", &open.first().expect("undone merges are proposed or decided").to_string()], span)
        };
        killed += u64::from(end == End::Killed);
        let now = victim.number(people);
        assert!(now == 1 || now == 2, "kill {n}: {now} people");
        assert_eq!(victim.number("SELECT count(*) FROM touches"), touches, "kill {n}: no touch is lost");
        if self::standing(&victim).is_empty() && self::proposals(&victim).is_empty() {
            // Both pairs are decided to be different: forget it, so that there is something to merge again.
            forget_all(&victim);
        }
    }
    victim.must(&["doctor", "--deep"]);
    eprintln!("merging: {killed} of {} were killed before they ended", kills());
    assert!(killed > 0, "no process was killed in its work: this proves nothing");
}

fn json(victim: &Victim, args: &[&str]) -> serde_json::Value {
    let output = victim.run(&[args, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn proposals(victim: &Victim) -> Vec<i64> {
    json(victim, &["merges"])["proposals"].as_array().expect("a list").iter().map(|p| p["number"].as_i64().expect("a number")).collect()
}

fn standing(victim: &Victim) -> Vec<i64> {
    json(victim, &["merges", "list"])["merges"].as_array().expect("a list").iter().map(|m| m["number"].as_i64().expect("a number")).collect()
}

fn forget_all(victim: &Victim) {
    let decisions = json(victim, &["merges", "list", "--all"]);
    for decision in decisions["decisions"].as_array().expect("a list") {
        let (one, other) = (decision["one"].as_i64().expect("a number"), decision["other"].as_i64().expect("a number"));
        victim.must(&["merges", "forget", &one.to_string(), &other.to_string()]);
    }
}
