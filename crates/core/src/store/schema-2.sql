-- The device's database, version 2: what this release adds. It runs on files that
-- hold data; what it cannot carry over may only ever be cache.

-- In which turn a picture was kept: the first ones make room for new ones.
ALTER TABLE picture ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX picture_turn ON picture (turn, size_bytes);
