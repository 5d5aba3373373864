//! What the console shows.

#[path = "console/bounds.rs"]
mod bounds;
#[path = "console/guide.rs"]
mod guide;
#[path = "console/json.rs"]
mod json;
#[path = "console/lines.rs"]
mod lines;
#[path = "console/lists.rs"]
mod lists;
#[path = "console/properties.rs"]
mod properties;
#[path = "console/screen.rs"]
mod screen;
#[path = "console/tree.rs"]
mod tree;
