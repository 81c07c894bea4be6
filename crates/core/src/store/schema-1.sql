-- The device's database, version 1. Three parts in one file, because a commit
-- across attached files is not atomic in WAL mode (sqlite.org/lang_attach.html):
-- the cache (what the server said; disposable), the outbox and the drafts (what
-- the person asked and is composing; never disposable).

-- Single facts: server, token, epoch, cursor, synced_at_ms.
CREATE TABLE fact (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- CACHE ---------------------------------------------------------------------
-- `seq` is the number of the record's last change: an older one never
-- overwrites a newer one. A NULL body is a tombstone.

-- me, policy and people.
CREATE TABLE record (
    kind TEXT NOT NULL,
    id   BLOB NOT NULL,
    seq  INTEGER NOT NULL,
    body TEXT,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE conversation (
    id               BLOB PRIMARY KEY,
    seq              INTEGER NOT NULL,
    body             TEXT,               -- model::Conversation as JSON
    state            TEXT,               -- waiting, open, ended
    agent            BLOB,               -- who has it
    at_ms            INTEGER NOT NULL DEFAULT 0,  -- newest message, end or beginning
    waiting_since_ms INTEGER,
    last_n           INTEGER NOT NULL DEFAULT 0,
    search           TEXT NOT NULL DEFAULT ''     -- name, number and preview, lower case
) WITHOUT ROWID;
CREATE INDEX conversation_list ON conversation (state, at_ms DESC);

CREATE TABLE read_mark (
    place BLOB PRIMARY KEY,
    seq   INTEGER NOT NULL,
    n     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE message (
    id    BLOB PRIMARY KEY,
    place BLOB NOT NULL,
    n     INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    files INTEGER NOT NULL,              -- how many photos
    theirs INTEGER NOT NULL,             -- 1: the customer said it
    body  TEXT NOT NULL                  -- model::Message as JSON
);
CREATE UNIQUE INDEX message_place ON message (place, n);
CREATE INDEX message_photos ON message (place, n) WHERE files > 0;

-- Pictures fetched and kept in the blob folder, by name.
CREATE TABLE picture (
    name       TEXT PRIMARY KEY,
    message    BLOB NOT NULL,
    size_bytes INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX picture_message ON picture (message);

-- OUTBOX --------------------------------------------------------------------
-- Two states are stored while it is unanswered; `settled` rows are kept, hidden,
-- for 14 days, so that a server restored from a backup can be told again.
CREATE TABLE outbox (
    pos           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            BLOB NOT NULL UNIQUE,
    place         BLOB NOT NULL,
    kind          TEXT NOT NULL,
    needs         BLOB,
    body          TEXT NOT NULL,          -- the intent, serialised once
    title         TEXT NOT NULL,          -- the customer's name or number when it was asked
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'stuck', 'settled')),
    problem       TEXT,
    asked_at_ms   INTEGER NOT NULL,
    settled_at_ms INTEGER
);
CREATE INDEX outbox_unsettled ON outbox (place, kind, pos) WHERE state <> 'settled';
CREATE INDEX outbox_in_order ON outbox (state, pos) WHERE state <> 'settled';

CREATE TABLE outbox_file (
    intent     BLOB NOT NULL,
    i          INTEGER NOT NULL,
    hash       TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (intent, i)
) WITHOUT ROWID;

-- DRAFTS --------------------------------------------------------------------
CREATE TABLE draft (
    place    BLOB PRIMARY KEY,
    text     TEXT NOT NULL DEFAULT '',
    location TEXT,
    saved_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE draft_file (
    pos        INTEGER PRIMARY KEY AUTOINCREMENT,
    place      BLOB NOT NULL,
    hash       TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    UNIQUE (place, hash)
);
