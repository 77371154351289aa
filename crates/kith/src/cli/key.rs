//! `kith key`: the keys that seal secrets.

use kith_desk::trust::Who;

use super::args::{Key, KeyAct};
use super::setting::{Setting, person};

pub async fn key(setting: &Setting, args: Key) -> anyhow::Result<()> {
    let (trust, _) = setting.open_trust().await?;
    match args.act {
        KeyAct::Rotate => {
            let rotation = trust.rotate_key(&Who::Terminal(person()), setting.now).await?;
            println!("key {} seals from now on; {} secrets were sealed anew", rotation.key, rotation.renewed);
            if !rotation.retired.is_empty() {
                println!("nothing needs {} any more, but copies of the store that were made before", rotation.retired.join(", "));
            }
        }
        KeyAct::New => println!("{}", trust.new_key_line().show()),
    }
    Ok(())
}
