//! What the Configurator lists and sets that nothing else of the store does.

mod desk;
mod erase;
mod people;
mod trail;
