//! What the server promises, through its own router.

mod backup;
mod blobs;
mod canned;
mod customers;
mod deleting;
mod doors;
mod feed;
mod files;
mod group;
mod groups;
mod house;
mod intents;
mod kills;
mod live;
mod loops;
mod notes;
mod offers;
mod people;
mod pictures;
mod previous;
mod replies;
mod signals;
mod tiles;
mod transfer;
mod uploads_broken;
