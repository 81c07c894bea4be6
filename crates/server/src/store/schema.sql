-- The server's database, version 1. Ids are 16 bytes, secrets and hashes of
-- intents 32 bytes (SHA-256), moments are milliseconds since 1970, scopes,
-- policies and bodies are the model's JSON. Every key begins with the workspace.

CREATE TABLE workspace (
    id      BLOB NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL,
    epoch   TEXT NOT NULL,               -- of the feed; a restore mints a new one
    seq     INTEGER NOT NULL DEFAULT 0,  -- the number of the newest change
    tail    INTEGER NOT NULL DEFAULT 0,  -- cursors below it need a new snapshot
    policy  TEXT NOT NULL
) STRICT;

CREATE TABLE person (
    workspace BLOB NOT NULL REFERENCES workspace (id),
    id        BLOB NOT NULL,
    login     TEXT,                      -- case-folded; absent: not signed up
    name      TEXT NOT NULL,
    role      TEXT NOT NULL CHECK (role IN ('agent', 'admin', 'client')),
    password  TEXT,                      -- argon2id, PHC string; absent: not joined yet
    blocked   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace, id),
    UNIQUE (workspace, login)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    workspace       BLOB NOT NULL,
    person          BLOB NOT NULL,
    id              BLOB NOT NULL,
    token           BLOB NOT NULL,       -- SHA-256 of the session's token
    name            TEXT NOT NULL,
    signed_in_at_ms INTEGER NOT NULL,
    seen_at_ms      INTEGER NOT NULL,
    revoked_at_ms   INTEGER,
    PRIMARY KEY (workspace, person, id),
    UNIQUE (workspace, token),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invite (
    workspace  BLOB NOT NULL,
    secret     BLOB NOT NULL,
    person     BLOB NOT NULL,
    made_at_ms INTEGER NOT NULL,
    used_at_ms INTEGER,
    PRIMARY KEY (workspace, secret),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
    workspace     BLOB NOT NULL REFERENCES workspace (id),
    id            BLOB NOT NULL,
    name          TEXT,
    phone         TEXT,
    public_seq    INTEGER NOT NULL DEFAULT 0,  -- of their newest public fact
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_link (
    workspace     BLOB NOT NULL,
    secret        BLOB NOT NULL,
    customer      BLOB NOT NULL,
    made_at_ms    INTEGER NOT NULL,
    revoked_at_ms INTEGER,
    PRIMARY KEY (workspace, secret),
    FOREIGN KEY (workspace, customer) REFERENCES customer (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_links ON customer_link (workspace, customer);

CREATE TABLE customer_session (
    workspace     BLOB NOT NULL,
    token         BLOB NOT NULL,
    customer      BLOB NOT NULL,
    made_at_ms    INTEGER NOT NULL,
    revoked_at_ms INTEGER,
    PRIMARY KEY (workspace, token),
    FOREIGN KEY (workspace, customer) REFERENCES customer (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_sessions ON customer_session (workspace, customer);

-- The columns beside the body are what lists are chosen by.
CREATE TABLE conversation (
    workspace     BLOB NOT NULL,
    id            BLOB NOT NULL,
    customer      BLOB NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'ended')),
    created_at_ms INTEGER NOT NULL,
    ended_at_ms   INTEGER,
    body          TEXT NOT NULL,
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, customer) REFERENCES customer (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_by_state ON conversation (workspace, state, ended_at_ms);
CREATE INDEX conversations_by_customer ON conversation (workspace, customer, created_at_ms);

-- Which ended ones are in a person's history; who took part is in the body too.
CREATE TABLE took_part (
    workspace    BLOB NOT NULL,
    person       BLOB NOT NULL,
    conversation BLOB NOT NULL,
    PRIMARY KEY (workspace, person, conversation),
    FOREIGN KEY (workspace, conversation) REFERENCES conversation (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    workspace  BLOB NOT NULL,
    id         BLOB NOT NULL,
    place      BLOB NOT NULL,
    n          INTEGER NOT NULL CHECK (n > 0),
    customer   BLOB NOT NULL,
    public_seq INTEGER NOT NULL CHECK (public_seq > 0),
    body       TEXT NOT NULL,
    PRIMARY KEY (workspace, id),
    UNIQUE (workspace, place, n),
    UNIQUE (workspace, customer, public_seq),
    FOREIGN KEY (workspace, place) REFERENCES conversation (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE file (
    workspace BLOB NOT NULL,
    message   BLOB NOT NULL,
    i         INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (workspace, message, i),
    FOREIGN KEY (workspace, message) REFERENCES message (workspace, id),
    FOREIGN KEY (workspace, hash) REFERENCES blob (workspace, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE read_mark (
    workspace BLOB NOT NULL,
    person    BLOB NOT NULL,
    place     BLOB NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (workspace, person, place),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;

-- A change has no body: readers get the record as it is when they read.
-- A record's own number is that of its newest change.
CREATE TABLE change (
    workspace BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    id        BLOB NOT NULL,
    scope     TEXT NOT NULL,
    was_scope TEXT NOT NULL,
    PRIMARY KEY (workspace, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_by_record ON change (workspace, kind, id, seq);

-- Kept for ever: what makes an intent safe to send twice.
CREATE TABLE intent_log (
    workspace BLOB NOT NULL,
    id        BLOB NOT NULL,
    asker     BLOB NOT NULL,             -- the person or the customer
    device    BLOB NOT NULL,             -- a customer's is the customer themself
    hash      BLOB NOT NULL,
    code      TEXT,                      -- absent: accepted; else why it was refused last
    seq       INTEGER NOT NULL,
    PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    workspace  BLOB NOT NULL REFERENCES workspace (id),
    hash       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    PRIMARY KEY (workspace, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    workspace BLOB NOT NULL,
    owner     TEXT NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (workspace, owner, hash),
    FOREIGN KEY (workspace, hash) REFERENCES blob (workspace, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    line      INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace BLOB NOT NULL,
    at_ms     INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    act       TEXT NOT NULL,
    about     BLOB,
    code      TEXT                       -- absent: done; else why it was denied
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
