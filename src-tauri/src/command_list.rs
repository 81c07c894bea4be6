// The one list of the shell's commands. The build script declares them to the
// permission system, the shell hands them to its window, and a test holds the
// capability file to them. Plain comments, since the file is included.

#[allow(unused_macros)]
macro_rules! command_list {
    ($with:ident) => {
        $with!(
            demo_sign_in,
        )
    };
}
