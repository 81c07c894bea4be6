//! End to end: the built server, the built app in a display, and Chromium.

mod api;
mod around;
mod clients;
mod composer;
mod configurator;
mod contacts;
mod groups;
mod harness;
mod heard;
mod journey;
mod keychain;
mod members;
mod mentions;
mod messages;
mod notes;
mod notifications;
mod offers;
mod places;
mod previous;
mod refusals;
mod second_factor;
mod stage;
mod swipes;
mod tabs;
mod thread_news;
mod tour;
