-- Version 2.

-- Availability as its person set it, and since when they have had nothing new to
-- do: the one who is idle longest is offered the next conversation.
CREATE TABLE availability (
    workspace     BLOB NOT NULL,
    person        BLOB NOT NULL,
    ready         TEXT NOT NULL CHECK (ready IN ('available', 'busy', 'away')),
    since_ms      INTEGER NOT NULL,
    idle_since_ms INTEGER NOT NULL,
    PRIMARY KEY (workspace, person),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;

-- The routing unit behind the picklist; the first one shares its workspace's id.
CREATE TABLE queue (
    workspace BLOB NOT NULL REFERENCES workspace (id),
    id        BLOB NOT NULL,
    mode      TEXT NOT NULL CHECK (mode IN ('pick', 'offer')),
    offer_ms  INTEGER NOT NULL,
    PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;

-- One offer of a conversation at a time, and who let it pass since it waits.
CREATE TABLE offer (
    workspace     BLOB NOT NULL,
    conversation  BLOB NOT NULL,
    agent         BLOB NOT NULL,
    made_at_ms    INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (workspace, conversation),
    FOREIGN KEY (workspace, conversation) REFERENCES conversation (workspace, id),
    FOREIGN KEY (workspace, agent) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE offer_passed (
    workspace    BLOB NOT NULL,
    conversation BLOB NOT NULL,
    person       BLOB NOT NULL,
    PRIMARY KEY (workspace, conversation, person)
) STRICT, WITHOUT ROWID;
-- Internal notes: of a conversation, for staff. They have no number among its
-- entries and touch no row that a customer is served from.
CREATE TABLE note (
    workspace    BLOB NOT NULL,
    id           BLOB NOT NULL,
    conversation BLOB NOT NULL,
    at_ms        INTEGER NOT NULL,
    body         TEXT NOT NULL,           -- the model's Note
    PRIMARY KEY (workspace, id),
    FOREIGN KEY (workspace, conversation) REFERENCES conversation (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notes_by_conversation ON note (workspace, conversation, at_ms, id);
CREATE TRIGGER note_is_never_changed BEFORE UPDATE ON note
BEGIN SELECT RAISE(ABORT, 'a note is append-only'); END;
CREATE TRIGGER note_is_never_deleted BEFORE DELETE ON note
BEGIN SELECT RAISE(ABORT, 'a note is append-only'); END;
