// Imported before the page's modules: there is one tab here, and a channel to
// others would keep Node alive.
delete globalThis.BroadcastChannel;
