-- Version 2.
--
-- An empty was_scope of a change is as much as its scope: nobody came or went.

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
-- Of a customer who is erased the notes go too: while that is done, here.
CREATE TABLE erasing (
    workspace    BLOB NOT NULL,
    conversation BLOB NOT NULL,
    PRIMARY KEY (workspace, conversation)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER note_is_never_deleted BEFORE DELETE ON note
WHEN NOT EXISTS (SELECT 1 FROM erasing e WHERE e.workspace = OLD.workspace AND e.conversation = OLD.conversation)
BEGIN SELECT RAISE(ABORT, 'a note is append-only'); END;

-- A record that changes with every message keeps its own number, so that writing
-- and answering one needs no index over the changes. Of the others, which change
-- seldom, the number is that of their newest change, as before.
ALTER TABLE conversation ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_mark ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE conversation SET seq = coalesce((SELECT max(c.seq) FROM change c
    WHERE c.workspace = conversation.workspace AND c.kind = 'conversation' AND c.id = conversation.id), 0);
-- A read mark shares its id, the place's, with others': it is told by its audience.
UPDATE read_mark SET seq = coalesce((SELECT max(c.seq) FROM change c
    WHERE c.workspace = read_mark.workspace AND c.kind = 'read' AND c.id = read_mark.place
      AND replace(json_extract(c.scope, '$.person'), '-', '') = lower(hex(read_mark.person))), 0);

-- How far of it the others in a group are told of: what somebody wrote says of itself that
-- they read it.
ALTER TABLE read_mark ADD COLUMN told_n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_mark ADD COLUMN sound TEXT;  -- how loud its news is; NULL: as each device is set

-- Messages: likewise; they may be of a group, which no customer sees; and no index by customer and public number, whose pages are
-- others for each customer who writes. A conversation's entries have both numbers in
-- the same order, so a customer's are found by their conversations.
-- In the order they came, whatever the clocks of the devices that named them: by id,
-- a device that was away would write its messages between all the others'.
CREATE TABLE message_2 (
    workspace  BLOB NOT NULL,
    id         BLOB NOT NULL,
    place      BLOB NOT NULL,
    n          INTEGER NOT NULL CHECK (n > 0),
    customer   BLOB,                     -- absent, and so is the number: of a group
    public_seq INTEGER CHECK (public_seq > 0),
    body       TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (workspace, id),
    CHECK ((customer IS NULL) = (public_seq IS NULL))
) STRICT;
INSERT INTO message_2
    SELECT m.workspace, m.id, m.place, m.n, m.customer, m.public_seq, m.body,
        coalesce((SELECT max(c.seq) FROM change c
            WHERE c.workspace = m.workspace AND c.kind = 'message' AND c.id = m.id), 0)
    FROM message m;
DROP TABLE message;
ALTER TABLE message_2 RENAME TO message;
-- By place alone, those who write in other conversations at once would touch another
-- page each; so the places of one run of 16 numbers are side by side.
CREATE UNIQUE INDEX message_runs ON message (workspace, n / 16, place, n);

ALTER TABLE change ADD COLUMN held INTEGER NOT NULL DEFAULT 0;  -- 1: the record keeps the number
UPDATE change SET held = 1 WHERE kind IN ('conversation', 'message', 'read');
DROP INDEX changes_by_record;
CREATE INDEX changes_by_record ON change (workspace, kind, id, seq) WHERE held = 0;

-- The public number of the newest entry that who had the conversation has read, or that
-- was before the newest conversation: what a customer was told once stays so.
ALTER TABLE customer ADD COLUMN read_seq INTEGER NOT NULL DEFAULT 0;
UPDATE customer SET read_seq = max(
    coalesce((SELECT max(m.public_seq) - 1 FROM message m
        WHERE m.workspace = customer.workspace AND m.customer = customer.id AND m.n = 1), 0),
    coalesce((SELECT max(m.public_seq) FROM message m
        JOIN conversation c ON c.workspace = m.workspace AND c.id = m.place
        JOIN read_mark r ON r.workspace = m.workspace AND r.place = m.place
        WHERE m.workspace = customer.workspace AND m.customer = customer.id AND m.n <= r.n
          AND replace(json_extract(c.body, '$.agent.id'), '-', '') = lower(hex(r.person))), 0));

-- Without AUTOINCREMENT, whose counter was one more page for each line: lines are
-- never deleted, so the next one has a new number anyhow.
CREATE TABLE audit_2 (
    line      INTEGER PRIMARY KEY,
    workspace BLOB NOT NULL,
    at_ms     INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    act       TEXT NOT NULL,
    about     BLOB,
    code      TEXT                       -- absent: done; else why it was denied
) STRICT;
INSERT INTO audit_2 SELECT line, workspace, at_ms, actor, act, about, code FROM audit;
DROP TABLE audit;
ALTER TABLE audit_2 RENAME TO audit;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

-- What a customer was shown and is deleted now: each a public fact of its own.
CREATE TABLE public_deleted (
    workspace  BLOB NOT NULL,
    customer   BLOB NOT NULL,
    public_seq INTEGER NOT NULL,
    message    BLOB NOT NULL,
    PRIMARY KEY (workspace, customer, public_seq),
    FOREIGN KEY (workspace, message) REFERENCES message (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX public_deleted_messages ON public_deleted (workspace, message);
-- Bytes that no message and no claim names any more, until their files are gone.
CREATE TABLE blob_gone (
    workspace BLOB NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (workspace, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_hash ON file (workspace, hash);

-- Where the map's tiles are fetched: the server's own business, told to no device.
ALTER TABLE workspace ADD COLUMN tiles TEXT;

-- What a message answers, so that a quote goes with what it quotes.
ALTER TABLE message ADD COLUMN reply_to BLOB;
CREATE INDEX message_replies ON message (workspace, reply_to) WHERE reply_to IS NOT NULL;

-- Canned replies.
CREATE TABLE canned (
    workspace BLOB NOT NULL REFERENCES workspace (id),
    id        BLOB NOT NULL,
    shortcut  TEXT NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (workspace, id),
    UNIQUE (workspace, shortcut)
) STRICT, WITHOUT ROWID;

-- Groups. An entry moves `last_n` alone; the body is written when people or name change.
-- Who was in one is remembered.
CREATE TABLE message_group (
    workspace BLOB NOT NULL REFERENCES workspace (id),
    id        BLOB NOT NULL,
    last_n    INTEGER NOT NULL,
    body      TEXT NOT NULL,              -- the model's Group
    PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE group_member (
    workspace     BLOB NOT NULL,
    person        BLOB NOT NULL,
    message_group BLOB NOT NULL,
    gone          INTEGER NOT NULL,       -- 1: is not in it any more
    PRIMARY KEY (workspace, person, message_group),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id),
    FOREIGN KEY (workspace, message_group) REFERENCES message_group (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_group ON group_member (workspace, message_group);

-- What an admin has granted whom, and how clients are reached.
CREATE TABLE granted (
    workspace BLOB NOT NULL,
    person    BLOB NOT NULL,
    module    TEXT NOT NULL,
    PRIMARY KEY (workspace, person, module),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;
-- What a device showed when it connected, newest first: one that shows anything else was
-- copied, and its session is over.
ALTER TABLE device ADD COLUMN stamps TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN phone TEXT;
ALTER TABLE person ADD COLUMN email TEXT;

-- What a client with a login was told of: one row a record, with its newest number among
-- their own. Numbers are theirs alone, so nothing else can be counted from them.
CREATE TABLE client_record (
    workspace  BLOB NOT NULL,
    person     BLOB NOT NULL,
    kind       TEXT NOT NULL,
    id         BLOB NOT NULL,
    public_seq INTEGER NOT NULL CHECK (public_seq > 0),
    came_seq   INTEGER NOT NULL,          -- since when they see it, this time
    PRIMARY KEY (workspace, person, kind, id),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX client_feed ON client_record (workspace, person, public_seq);
CREATE INDEX clients_with_login ON person (workspace, id) WHERE role = 'client' AND password IS NOT NULL;

-- Cursors of a person below their tail need a new snapshot: what they may see was another.
ALTER TABLE person ADD COLUMN tail INTEGER NOT NULL DEFAULT 0;
-- A device that an admin blocked, and on how many one person may be signed in.
ALTER TABLE device ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN devices_max INTEGER;

-- Queues: what each is called, who sees what waits in it, and by which one a customer came
-- (NULL: the first).
ALTER TABLE queue ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE queue ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;  -- 1: its members alone, not all the staff
CREATE TABLE queue_member (
    workspace BLOB NOT NULL,
    queue     BLOB NOT NULL,
    person    BLOB NOT NULL,
    PRIMARY KEY (workspace, queue, person),
    FOREIGN KEY (workspace, queue) REFERENCES queue (workspace, id),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;
ALTER TABLE customer ADD COLUMN queue BLOB;

-- What the chat page says to who comes: the model's ChatPage.
ALTER TABLE workspace ADD COLUMN chat_page TEXT NOT NULL DEFAULT '{}';

-- When a photo was taken, as its camera says.
ALTER TABLE blob ADD COLUMN taken_at TEXT;

-- The second factor of who has one. The server makes the codes itself to compare them, so the
-- secret is kept as it is; by the step of the newest code that was used, none is used twice.
CREATE TABLE second_factor (
    workspace   BLOB NOT NULL,
    person      BLOB NOT NULL,
    secret      BLOB NOT NULL,              -- 20 bytes
    on_since_ms INTEGER,                    -- absent: begun, and asked of nobody
    used_step   INTEGER NOT NULL DEFAULT 0, -- of 30 s since 1970
    PRIMARY KEY (workspace, person),
    FOREIGN KEY (workspace, person) REFERENCES person (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_code (
    workspace BLOB NOT NULL,
    person    BLOB NOT NULL,
    hash      BLOB NOT NULL,                -- SHA-256
    PRIMARY KEY (workspace, person, hash),
    FOREIGN KEY (workspace, person) REFERENCES second_factor (workspace, person)
) STRICT, WITHOUT ROWID;
