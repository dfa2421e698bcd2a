//! What this connector says, and what there is to be said.

use bellwether_networks::bluesky::Bluesky;

use crate::contract::messages;

#[test]
fn every_message_can_be_said_and_is_used() {
    messages::agree(&Bluesky);
}
