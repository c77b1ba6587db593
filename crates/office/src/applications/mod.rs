//! Games that can be granted to operators, and their prices.

mod find;
mod price;
mod save;

pub use find::{Application, ListFilter, Price, find, list, prices};
pub use price::{PriceChange, change_price};
pub use save::{Changes, NewApplication, check_players, create, update};
