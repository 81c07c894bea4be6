-- The device's database, version 2: what this release adds. It runs on files that
-- hold data; what it cannot carry over may only ever be cache.

-- The lists, by the page: as they are sorted, and those that one person has apart.
DROP INDEX conversation_list;
CREATE INDEX conversation_list ON conversation (state, at_ms DESC, id DESC);
CREATE INDEX conversation_open ON conversation (agent, at_ms DESC, id DESC) WHERE state = 'open';
CREATE INDEX conversation_waiting ON conversation
    (waiting_since_ms IS NULL, waiting_since_ms, at_ms DESC, id) WHERE state = 'waiting';

-- In which turn a picture was kept: the first ones make room for new ones.
ALTER TABLE picture ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX picture_turn ON picture (turn, size_bytes);

-- CACHE: internal notes. A conversation's go with it.
CREATE TABLE note (
    id    BLOB PRIMARY KEY,
    place BLOB NOT NULL,
    seq   INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,              -- by the server's clock
    body  TEXT NOT NULL                  -- model::Note as JSON
);
CREATE INDEX note_place ON note (place, at_ms DESC, id DESC);

-- DRAFTS: a note being written. Never the draft of the chat: what is meant for
-- colleagues cannot be sent to the customer by a wrong tap.
CREATE TABLE note_draft (
    place       BLOB PRIMARY KEY,
    text        TEXT NOT NULL,
    saved_at_ms INTEGER NOT NULL,
    sum         INTEGER                  -- as below
) WITHOUT ROWID;
-- Sums of what must not change on the disk; NULL: written before there were any.
ALTER TABLE outbox ADD COLUMN sum INTEGER;
-- It was settled once, by a server that was restored from a backup since: the last place
-- in the outbox when this device heard of that.
ALTER TABLE outbox ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
-- It was on its way to the server once: whether it came there, an answer tells alone.
ALTER TABLE outbox ADD COLUMN tried INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET tried = 1;
ALTER TABLE draft ADD COLUMN sum INTEGER;
ALTER TABLE draft ADD COLUMN location_sum INTEGER;
-- Which message a draft answers.
ALTER TABLE draft ADD COLUMN reply_to BLOB;
-- Who is mentioned in its text: model::Mention, all of them, as JSON. The text's sum has them in it.
ALTER TABLE draft ADD COLUMN mentions TEXT;
-- Whom it was with, of a place that left this device; NULL while it never did.
ALTER TABLE draft ADD COLUMN title TEXT;
ALTER TABLE note_draft ADD COLUMN title TEXT;

-- CACHE: previous conversations of a customer, fetched through the one that this
-- person holds (`via`), a link each: right before `next` comes `id`. They go when
-- `via` is no longer held; those this person took part in stay, as their own.
CREATE TABLE previous (
    via  BLOB NOT NULL,
    next BLOB NOT NULL,
    id   BLOB,                           -- NULL: there is none before `next`
    body TEXT,                           -- model::Conversation as JSON
    PRIMARY KEY (via, next)
) WITHOUT ROWID;
CREATE INDEX previous_id ON previous (id);
-- A damaged row is nobody's.
CREATE INDEX conversation_customer ON conversation
    (CASE WHEN json_valid(body) THEN json_extract(body, '$.customer.id') END, state);
-- CACHE: how far back a place is here without a hole: every number from `n` to `top`.
CREATE TABLE reach (
    place BLOB PRIMARY KEY,
    n     INTEGER NOT NULL,
    top   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER reach_gone AFTER DELETE ON message BEGIN
    DELETE FROM reach WHERE place = old.place;
END;

-- CACHE: the words of all messages, by their rows' numbers, and no copy of the text; and of
-- each its place, as a word of its own: what is looked for in one place costs as much as
-- there is of that place, and not as much as there is of the words.
-- Triggers keep it in step: whatever adds, changes or purges a message does so here.
CREATE VIRTUAL TABLE search USING fts5 (
    text, place, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (rowid, text, place)
    SELECT rowid, json_extract(body, '$.body.text'), hex(place) FROM message
    WHERE json_valid(body) AND json_extract(body, '$.body.text') <> '';
CREATE TRIGGER search_new AFTER INSERT ON message WHEN json_valid(new.body) BEGIN
    INSERT INTO search (rowid, text, place)
        SELECT new.rowid, json_extract(new.body, '$.body.text'), hex(new.place)
        WHERE json_extract(new.body, '$.body.text') <> '';
END;
CREATE TRIGGER search_changed AFTER UPDATE OF body ON message WHEN json_valid(new.body) BEGIN
    DELETE FROM search WHERE rowid = old.rowid;
    INSERT INTO search (rowid, text, place)
        SELECT new.rowid, json_extract(new.body, '$.body.text'), hex(new.place)
        WHERE json_extract(new.body, '$.body.text') <> '';
END;
CREATE TRIGGER search_gone AFTER DELETE ON message BEGIN
    DELETE FROM search WHERE rowid = old.rowid;
END;

-- CACHE: groups. Of a message it is kept who said it, so that what is unread is counted.
CREATE TABLE message_group (
    id     BLOB PRIMARY KEY,
    seq    INTEGER NOT NULL,
    body   TEXT,                         -- model::Group as JSON; NULL: left
    from_n INTEGER NOT NULL DEFAULT 1,   -- the first entry this person may read
    last_n INTEGER NOT NULL DEFAULT 0,   -- the newest entry that is known of
    at_ms  INTEGER NOT NULL DEFAULT 0,   -- its time, or that of the beginning
    direct INTEGER NOT NULL DEFAULT 0,
    clients INTEGER NOT NULL DEFAULT 0,  -- how many are told what is said in it
    search TEXT NOT NULL DEFAULT ''      -- its name and those of the others, folded
) WITHOUT ROWID;
-- A list of every tab is counted, and passed over, in the index alone.
CREATE INDEX message_group_list ON message_group (at_ms DESC, id DESC, clients, direct)
    WHERE body IS NOT NULL;
ALTER TABLE message ADD COLUMN said_by BLOB;   -- which person; NULL: the customer, or nobody
ALTER TABLE message ADD COLUMN mentions_me INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_mentions_me ON message (place, n) WHERE mentions_me = 1;
CREATE TABLE seen (                      -- how far the others of a group have read
    place BLOB PRIMARY KEY,
    seq   INTEGER NOT NULL,
    body  TEXT NOT NULL                  -- model::SeenBy, all of them, as JSON
) WITHOUT ROWID;
ALTER TABLE read_mark ADD COLUMN sound TEXT;  -- model::SoundLevel; NULL: as this device is set

-- CACHE: the contact list, and its words: each may be found by its beginning.
CREATE TABLE contact (
    pos    INTEGER PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    seq    INTEGER NOT NULL,
    body   TEXT,                         -- model::Person as JSON; NULL: left
    client INTEGER NOT NULL DEFAULT 0,
    sort   TEXT NOT NULL DEFAULT '',     -- the name, lower case
    words  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX contact_list ON contact (client, sort, id) WHERE body IS NOT NULL;
CREATE VIRTUAL TABLE contact_search USING fts5 (
    words, content = '', contentless_delete = 1, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER contact_new AFTER INSERT ON contact WHEN new.words <> '' BEGIN
    INSERT INTO contact_search (rowid, words) VALUES (new.pos, new.words);
END;
CREATE TRIGGER contact_changed AFTER UPDATE OF words ON contact WHEN new.words <> old.words BEGIN
    DELETE FROM contact_search WHERE rowid = old.pos;
    INSERT INTO contact_search (rowid, words) SELECT new.pos, new.words WHERE new.words <> '';
END;
CREATE TRIGGER contact_gone AFTER DELETE ON contact BEGIN
    DELETE FROM contact_search WHERE rowid = old.pos;
END;
