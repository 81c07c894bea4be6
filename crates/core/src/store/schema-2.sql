-- The device's database, version 2: what this release adds. It runs on files that
-- hold data; what it cannot carry over may only ever be cache.

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
ALTER TABLE draft ADD COLUMN sum INTEGER;
ALTER TABLE draft ADD COLUMN location_sum INTEGER;
-- Which message a draft answers.
ALTER TABLE draft ADD COLUMN reply_to BLOB;

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

-- CACHE: the words of all messages, by their rows' numbers, and no copy of the text.
-- Triggers keep it in step: whatever adds, changes or purges a message does so here.
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (rowid, text)
    SELECT rowid, json_extract(body, '$.body.text') FROM message
    WHERE json_valid(body) AND json_extract(body, '$.body.text') <> '';
CREATE TRIGGER search_new AFTER INSERT ON message WHEN json_valid(new.body) BEGIN
    INSERT INTO search (rowid, text)
        SELECT new.rowid, json_extract(new.body, '$.body.text')
        WHERE json_extract(new.body, '$.body.text') <> '';
END;
CREATE TRIGGER search_changed AFTER UPDATE OF body ON message WHEN json_valid(new.body) BEGIN
    DELETE FROM search WHERE rowid = old.rowid;
    INSERT INTO search (rowid, text)
        SELECT new.rowid, json_extract(new.body, '$.body.text')
        WHERE json_extract(new.body, '$.body.text') <> '';
END;
CREATE TRIGGER search_gone AFTER DELETE ON message BEGIN
    DELETE FROM search WHERE rowid = old.rowid;
END;
