//! What people and API clients see: pages, and the API beside them.
//!
//! A handler takes what it needs out of the request, calls one use case of
//! `bellwether_app`, and shows a page. Permission is checked there, not here.

pub mod api;
mod channels;
mod media;
mod people;
mod posts;
mod publishing;
mod workspaces;
