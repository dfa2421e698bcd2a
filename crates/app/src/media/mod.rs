//! tmp
use crate::{App, Error, Result};
use bellwether_base::WorkspaceId;
use bellwether_db::Tx;
use bellwether_networks::{MediaSource, MissingMedia};
pub struct Medium {
    pub mime: String,
    pub bytes: u64,
    pub width: u32,
    pub height: u32,
}
pub async fn find(_tx: &mut Tx, _ws: WorkspaceId, _hash: &str) -> Result<Medium> {
    Err(Error::not_found("media"))
}
pub async fn hold(
    _tx: &mut Tx,
    _ws: WorkspaceId,
    _h: &[String],
    _k: &str,
    _id: uuid::Uuid,
) -> Result<()> {
    Ok(())
}
pub async fn release(_tx: &mut Tx, _ws: WorkspaceId, _k: &str, _id: uuid::Uuid) -> Result<()> {
    Ok(())
}
pub struct Source;
pub fn source(_app: &App, _ws: WorkspaceId) -> Source {
    Source
}
#[async_trait::async_trait]
impl MediaSource for Source {
    async fn read(&self, hash: &str) -> std::result::Result<bytes::Bytes, MissingMedia> {
        Err(MissingMedia { hash: hash.into(), gone: true, why: String::new() })
    }
}
