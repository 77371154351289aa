//! Standard output and standard error, for every command: `println!`, `print!` and `eprintln!` mean these functions here.
//!
//! A reader that has seen enough (`kith contacts | head -1`) closes its end of the pipe. That is no error, and no reason to stop either:
//! a command that still has something to write into the store goes on, and what it says goes nowhere.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

/// Writes to standard output. What cannot be written for another reason than a reader that has gone (a full disk behind `>`) ends
/// the program, because an answer that is cut short would be taken for a whole one.
pub fn say(text: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    match out.write_fmt(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            warn(format_args!("kith: the answer could not be written: {error}\n"));
            std::process::exit(1);
        }
        _ => {}
    }
}

/// Writes to standard error, where there is still somebody to read it.
pub fn warn(text: Arguments<'_>) {
    let _ = std::io::stderr().lock().write_fmt(text);
}

/// Instead of the standard library's, which break down when nobody reads any more.
macro_rules! println {
    () => { $crate::out::say(format_args!("\n")) };
    ($($text:tt)*) => { $crate::out::say(format_args!("{}\n", format_args!($($text)*))) };
}
macro_rules! print {
    ($($text:tt)*) => { $crate::out::say(format_args!($($text)*)) };
}
macro_rules! eprintln {
    () => { $crate::out::warn(format_args!("\n")) };
    ($($text:tt)*) => { $crate::out::warn(format_args!("{}\n", format_args!($($text)*))) };
}
