//! Figures: who played what, where and when, and what it came to.
//!
//! Every figure about games comes from [`usage::aggregate`], which alone reads the usage records and the sums over them
//! ([`rollups`]); the others are sums
//! over the few movements of money ([`movements`]). Days, weeks and months are those of the business time zone, and
//! the time zone database is asked in one place ([`Buckets`]).

mod bands;
mod buckets;
mod cross;
mod customer;
mod customers;
mod dashboard;
mod dimension;
mod figures;
mod find_customers;
mod games;
mod hundredths;
mod income;
mod months;
mod movements;
mod names;
mod overview;
mod points;
mod ranking;
pub mod rollups;
mod series;
mod time_range;
mod usage;

pub use bands::{Band, BandShare, distribution};
pub use buckets::Buckets;
pub use cross::{Cell, Measure, Table, cross};
pub use customer::{CustomerDetails, customer_details};
pub use customers::{TopCustomer, TopCustomers, top_customers};
pub use dashboard::{PlatformToday, Today, platform_today, today};
pub use dimension::{Dimension, Key, Label, named};
pub use figures::Figures;
pub use find_customers::{Customer, find_customers};
pub use games::{Games, TopSite};
pub use hundredths::Hundredths;
pub use income::{Channels, DayOfIncome, income};
pub use months::{DayOfMoney, Money, Month, month_of_money};
pub use names::{application_name, operator_name};
pub use overview::{Overview, overview};
pub use points::{Consumption, Point, consumption};
pub use ranking::{Ranked, Ranking, ranking};
pub use series::{GroupBy, Series, series};
pub use time_range::TimeRange;
pub use usage::{Filter, Grouping, Row, aggregate};
