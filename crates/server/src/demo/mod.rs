//! The demo workspace.
pub mod customers;
use crate::{Config, Server};
use std::path::{Path, PathBuf};

pub struct Demo { pub server: Server, pub visitors: Vec<String> }
impl Demo {
    pub async fn open(dir: PathBuf, web: Option<PathBuf>) -> Result<Self, crate::OpenError> {
        Ok(Self { server: Server::open(Config { web, ..Config::new(dir) })?, visitors: vec![] })
    }
    pub fn hand_over(&self, _url: &str, _file: &Path) -> std::io::Result<()> { Ok(()) }
}
