// The one list of the shell's commands: the engine's, then the shell's own. The
// build script declares them to the permission system, the shell hands them to
// its window, and tests hold the engine's list and the capability file to them.
// Plain comments, since the file is included.

#[allow(unused_macros)]
macro_rules! command_list {
    ($with:ident) => {
        $with!(
            status,
            check_server,
            sign_in,
            invited,
            join,
            sign_out,
            rows,
            thread,
            thread_until,
            older,
            fetch_at,
            previous,
            fetch_previous,
            read,
            pick,
            accept,
            pass,
            set_availability,
            end,
            reopen,
            signal,
            save_draft,
            detach,
            set_location,
            set_reply,
            send,
            delete,
            transfer,
            colleagues,
            canned,
            notes,
            save_note_draft,
            note,
            groups,
            contacts,
            new_group,
            start_group,
            group_people,
            save_members,
            leave_group,
            rename_group,
            mute,
            outbox,
            retry,
            discard,
            mended_seen,
            sync_now,
            picture,
            attach,
            attach_from_gallery,
            save_picture,
            demo_sign_in,
        )
    };
}
