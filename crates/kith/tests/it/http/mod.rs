//! Stories through the HTTP door: the real binary on a free port, called as a page or a program would.

mod access;
mod campaigns;
mod contract;
mod everyday;
mod importing;
mod machines;
mod pages;
mod served;
mod signing_in;
