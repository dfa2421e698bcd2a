//! Stories about publishing: Ada owns, Noor plans, Kofi mends. The network is
//! scripted, the clock stands still until it is moved.

mod clocks;
mod deeds;
mod discards;
mod edits;
mod floor;
mod hints;
mod invariant;
mod late;
mod logins;
mod offers;
mod pausing;
mod pictures;
mod quotas;
mod races;
mod removals;
mod sending;
mod sent;
mod set_clocks;
mod together;
mod world;
