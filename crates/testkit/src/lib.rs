//! What tests are told with: real servers, processes of the product, and
//! stories. A dev-dependency only.

pub mod pds;
