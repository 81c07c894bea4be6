-- Rows as a device of version 1 wrote them; never changed.
INSERT INTO fact VALUES ('server', 'https://desk.example.org'), ('token', 'not-a-token'),
    ('epoch', 'e1'), ('cursor', '12'), ('synced_at_ms', '1772438400000'), ('read_by', '0.1.0'),
    ('me', '{"person":{"id":"00000000-0000-0000-0000-0000000000aa","name":"Ana","role":"agent"},"workspace":"Nordlys"}');
INSERT INTO record VALUES ('me', x'00000000000000000000000000000000', 1, '{"kind":"me","person":{"id":"00000000-0000-0000-0000-0000000000aa","name":"Ana","role":"agent"},"workspace":"Nordlys"}');
INSERT INTO conversation VALUES
    (x'00000000000000000000000000000011', 9, '{"id":"00000000-0000-0000-0000-000000000011","customer":{"id":"00000000-0000-0000-0000-000000000021","name":"Rosa","phone":"+4790000000"},"state":"open","agent":{"id":"00000000-0000-0000-0000-0000000000aa","name":"Ana"},"took_part":[],"created_at_ms":1772438300000,"waiting_since_ms":null,"ended_at_ms":null,"ended_by":null,"last":{"author":{"by":"customer"},"text":"Is this the part?","photos":0,"location":false,"at_ms":1772438310000},"last_n":3}',
     'open', x'000000000000000000000000000000aa', 1772438310000, NULL, 3, 'rosa
+4790000000
is this the part?'),
    (x'00000000000000000000000000000012', 7, NULL, NULL, NULL, 0, NULL, 0, '');
INSERT INTO read_mark VALUES (x'00000000000000000000000000000011', 10, 2);
INSERT INTO message VALUES
    (x'00000000000000000000000000000101', x'00000000000000000000000000000011', 1, 5, 0, 1, '{"id":"00000000-0000-0000-0000-000000000101","place":"00000000-0000-0000-0000-000000000011","n":1,"author":{"by":"customer"},"at_ms":1772438300001,"written_at_ms":1772438300001,"body":{"what":"said","text":"Is this the part? Ølberg","files":[],"location":null}}'),
    (x'00000000000000000000000000000102', x'00000000000000000000000000000011', 2, 6, 1, 1, '{"id":"00000000-0000-0000-0000-000000000102","place":"00000000-0000-0000-0000-000000000011","n":2,"author":{"by":"customer"},"at_ms":1772438300002,"written_at_ms":1772438300002,"body":{"what":"said","text":"Look","files":[{"name":"part.png","kind":"png","size_bytes":1200,"width":200,"height":200}],"location":null}}'),
    (x'00000000000000000000000000000103', x'00000000000000000000000000000011', 3, 8, 0, 0, '{"id":"00000000-0000-0000-0000-000000000103","place":"00000000-0000-0000-0000-000000000011","n":3,"author":{"by":"person","id":"00000000-0000-0000-0000-0000000000aa","name":"Ana"},"at_ms":1772438300003,"written_at_ms":1772438300003,"body":{"what":"happened","event":"picked"}}');
INSERT INTO picture VALUES ('00000000000000000000000000000102-0-thumb', x'00000000000000000000000000000102', 900);
INSERT INTO outbox VALUES
    (1, x'00000000000000000000000000000201', x'00000000000000000000000000000011', 'send', NULL, '{"id":"00000000-0000-0000-0000-000000000201","written_at_ms":1772438400000,"ask":{"kind":"send","place":"00000000-0000-0000-0000-000000000011","text":"Sent already","files":[],"location":null}}',
     'Rosa', 'settled', NULL, 1772438400000, 1772438390000),
    (2, x'00000000000000000000000000000202', x'00000000000000000000000000000011', 'send', NULL, '{"id":"00000000-0000-0000-0000-000000000202","written_at_ms":1772438400000,"ask":{"kind":"send","place":"00000000-0000-0000-0000-000000000011","text":"Is it this one?","files":[{"hash":"0000000000000000000000000000000000000000000000000000000000000001","name":"part.png"}],"location":null}}',
     'Rosa', 'waiting', NULL, 1772438400000, NULL),
    (3, x'00000000000000000000000000000203', x'00000000000000000000000000000011', 'send', NULL, '{"id":"00000000-0000-0000-0000-000000000203","written_at_ms":1772438400000,"ask":{"kind":"send","place":"00000000-0000-0000-0000-000000000011","text":"Too late","files":[],"location":null}}',
     'Rosa', 'stuck', '{"code":"conversation_ended"}', 1772438400000, NULL);
INSERT INTO outbox_file VALUES (x'00000000000000000000000000000202', 0, '0000000000000000000000000000000000000000000000000000000000000001', 'part.png', 'png', 1200);
INSERT INTO draft VALUES
    (x'00000000000000000000000000000011', 'Half a sen', NULL, 1772438400000),
    (x'00000000000000000000000000000013', '', '{"latitude":1.0,"longitude":2.0}', 1772438400000);
INSERT INTO draft_file VALUES (1, x'00000000000000000000000000000011', '0000000000000000000000000000000000000000000000000000000000000002', 'dial.jpeg', 'jpeg', 3400), (4, x'00000000000000000000000000000013', '0000000000000000000000000000000000000000000000000000000000000001', 'part.png', 'png', 1200);
