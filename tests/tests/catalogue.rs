//! What the catalogue says of metrics that contradict each other, and what it is rendered to.

#[path = "catalogue/conflicts.rs"]
mod conflicts;
#[path = "catalogue/escaping.rs"]
mod escaping;
#[path = "catalogue/linked.rs"]
mod linked;
#[path = "catalogue/objectives.rs"]
mod objectives;
#[path = "catalogue/renderings.rs"]
mod renderings;
#[path = "catalogue/rules.rs"]
mod rules;
#[path = "catalogue/shop.rs"]
mod shop;
