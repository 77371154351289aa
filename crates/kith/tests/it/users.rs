//! Users at the terminal: added, given another role, sent away; and the log that shows it.

use kith_journal::testing::postgres_url;
use serde_json::Value;

use crate::shop::Shop;

fn shops() -> Vec<Shop> {
    let mut shops = vec![Shop::new()];
    shops.extend(postgres_url().map(|url| Shop::on(&url)));
    shops
}

#[test]
fn people_come_get_another_role_and_go_and_the_log_says_so() {
    for shop in shops() {
        assert!(shop.says(&["user", "list"]).contains("Nobody yet"));
        let said = shop.says(&["user", "add", "Mei@Example.com", "owner", "--name", "小梅"]);
        assert!(said.contains("mei@example.com is owner of tea") && said.contains("shown this once"), "{said}");
        shop.must(&["user", "add", "ming", "agent"]);
        let twice = shop.must_fail(&["user", "add", "MING", "agent"]);
        assert!(twice.contains("there is such a login already") && twice.contains("`kith user role ming agent`"), "{twice}");
        let unknown = shop.must_fail(&["user", "role", "ming", "boss"]);
        assert!(unknown.contains("use owner, manager, editor, agent or analyst"), "{unknown}");
        shop.must(&["user", "role", "ming", "analyst"]);
        let list = shop.json(&["user", "list"]);
        let roles: Vec<_> = list.as_array().unwrap().iter().map(|member| (&member["user"]["login"], &member["role"])).collect();
        assert_eq!(roles, [(&Value::from("mei@example.com"), &Value::from("owner")), (&"ming".into(), &"analyst".into())]);
        assert!(!list.to_string().contains("argon2"), "what is kept of a password is not shown");

        let alone = shop.must_fail(&["user", "disable", "mei@example.com"]);
        assert!(alone.contains("needs an owner who can sign in"), "{alone}");
        shop.must(&["user", "disable", "ming"]);
        shop.must(&["user", "enable", "ming"]);
        let (one, other) = (shop.says(&["user", "reset-password", "ming"]), shop.says(&["user", "reset-password", "ming"]));
        assert_ne!(one, other);
        shop.must(&["user", "remove", "ming"]);
        let gone = shop.must_fail(&["user", "role", "nobody", "agent"]);
        assert!(gone.contains("there is no such user") && gone.contains("kith user list"), "{gone}");

        let log = shop.json(&["audit"]);
        let did: Vec<_> =
            log["entries"].as_array().unwrap().iter().rev().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(
            did,
            [
                "user.added",
                "user.added",
                "member.role-changed",
                "user.disabled",
                "user.enabled",
                "password.reset",
                "password.reset",
                "member.removed"
            ]
        );
        assert!(log["entries"][0]["who"].as_str().unwrap().starts_with("terminal:"));
        assert_eq!(shop.json(&["audit", "--limit", "3"])["next"], log["entries"][2]["number"]);
        let doctor = shop.must(&["doctor"]);
        assert!(doctor.contains("log of tea: 8 lines, none changed or missing"), "{doctor}");
    }
}

#[test]
fn the_key_of_the_secrets_is_for_its_owner_s_eyes_and_changes_on_command() {
    use std::os::unix::fs::PermissionsExt;
    for shop in shops() {
        let first = shop.says(&["key", "rotate"]);
        let second = shop.says(&["key", "rotate"]);
        assert!(first.contains("seals from now on") && first != second, "{first}");
        let keys = shop.store().join("keys");
        assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
        let line = shop.says(&["key", "new"]);
        assert!(line.trim().len() == 52 && line.contains(':'), "{line}");
        assert_eq!(shop.json(&["audit", "--of-store"])["entries"].as_array().unwrap().len(), 2);

        std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
        let open = shop.must_fail(&["key", "rotate"]);
        assert!(open.contains("chmod 600"), "{open}");
    }
}
