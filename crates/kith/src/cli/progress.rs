//! How far a long command is: on a terminal a line that moves, elsewhere a line now and then.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows rows, rate and the time left.
pub struct Meter {
    bar: ProgressBar,
    start: Instant,
    /// Where nobody watches a line move, one is printed every ten seconds.
    last: Option<Mutex<Instant>>,
}

impl Meter {
    #[must_use]
    pub fn new(what: &str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(
            None,
            if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
        );
        let template = "{prefix} {bar:24} {percent:>3}% {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(what.to_owned());
        Self { bar, start: Instant::now(), last: (!terminal).then(|| Mutex::new(Instant::now())) }
    }

    /// `done` of `all` (bytes of the file), with so many rows read.
    pub fn show(&self, rows: u64, done: u64, all: Option<u64>) {
        let seconds = self.start.elapsed().as_secs_f64().max(1e-3);
        let rate = rows as f64 / seconds;
        let left = all.filter(|_| done > 0).map(|all| all.saturating_sub(done) as f64 * seconds / done as f64);
        let left = left.map(|left| format!(", about {} left", span(left))).unwrap_or_default();
        let message = format!("{rows} rows, {rate:.0} a second{left}");
        self.bar.set_length(all.unwrap_or(0));
        self.bar.set_position(done.min(all.unwrap_or(0)));
        self.bar.set_message(message.clone());
        if let Some(last) = &self.last
            && let Ok(mut last) = last.lock()
            && last.elapsed() > Duration::from_secs(10)
        {
            *last = Instant::now();
            eprintln!("{} {message}", self.bar.prefix());
        }
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

fn span(seconds: f64) -> String {
    if seconds < 90.0 { format!("{seconds:.0} s") } else { format!("{:.0} min", seconds / 60.0) }
}
