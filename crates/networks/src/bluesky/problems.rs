//! What the network would refuse or spoil, and what people would regret.

use crate::{Content, Limits, Problem};

/// Everything wrong with `content`.
pub(super) fn find(_content: &Content, _limits: &Limits) -> Vec<Problem> {
    Vec::new()
}
