//! Exports: the files hold what the lists and figures show, in both formats.

mod analyses;
mod ends;
mod files;
mod finance;
mod logs;
mod parameters;
mod records;
mod text;
mod venue;
