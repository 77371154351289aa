//! Measuring: the questions of an owner, each answered by a table of figures with their method and claim.

mod answer;
mod asking;
mod campaign;
mod content;
mod make;
mod money;
mod people;
mod sales;

pub use answer::{Answer, Cell, Column, figure_text, shown};
pub use asking::{AskError, AskQuery, QUESTIONS, Question, ask};
