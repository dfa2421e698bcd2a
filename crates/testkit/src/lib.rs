//! What tests are told with: real servers, stand-ins for servers, processes
//! of the product, and stories. A dev-dependency only.

pub mod chaos;
pub mod pds;
pub mod plain_network;
pub mod quick_mastodon;
pub mod standin;
