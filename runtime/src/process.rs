//! Settings of the whole process, made once before anything else.

/// Makes the system's allocator ask the kernel for memory rarely and in large pieces.
///
/// As it comes, glibc gives each thread but the first a heap of its own that grows page by page, each
/// with a system call; a compilation would make hundreds of them. On other systems this does nothing.
pub fn tune_allocator() {
    #[cfg(target_env = "gnu")]
    {
        const GROWTH_BYTES: i32 = 4 << 20;
        const LARGE_BYTES: i32 = 32 << 20;
        let settings = [
            (libc::M_ARENA_MAX, 1),
            (libc::M_TOP_PAD, GROWTH_BYTES),
            (libc::M_TRIM_THRESHOLD, LARGE_BYTES),
            (libc::M_MMAP_THRESHOLD, LARGE_BYTES),
        ];
        for (parameter, value) in settings {
            // SAFETY: sets a number; a value that is not taken changes nothing.
            unsafe { libc::mallopt(parameter, value) };
        }
    }
}
