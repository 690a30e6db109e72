//! Natives of `os`: system calls, and what a process knows of itself.
//!
//! Error numbers are Linux's, 0 for success. A call that a signal interrupted is made again here. Calls that may wait let
//! other goroutines run ([`scheduler::blocking`]); what they read or write is kept alive by the argument words.

use std::ffi::{CStr, CString};
use std::io::Error;
use std::os::unix::ffi::OsStrExt as _;

use super::{NativeCall, Table};
use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::scheduler::{self, AfterSwitch, Direction, Wait, instance_of};
use crate::{fatal, trap};

pub(super) const NATIVES: Table = &[
    ("os.read", read),
    ("os.write", write),
    ("os.pread", read_at),
    ("os.pwrite", write_at),
    ("os.seek", seek),
    ("os.open", open),
    ("os.closeDescriptor", close),
    ("os.sync", synchronize),
    ("os.truncate", truncate),
    ("os.pipe", pipe),
    ("os.stat", stat),
    ("os.listDirectory", list_directory),
    ("os.mkdir", make_directory),
    ("os.unlink", |call| with_name(call, libc_unlink)),
    ("os.rmdir", |call| with_name(call, libc_rmdir)),
    ("os.rename", rename),
    ("os.link", link),
    ("os.readlink", read_link),
    ("os.chmod", change_mode),
    ("os.chdir", |call| with_name(call, libc_chdir)),
    ("os.getcwd", current_directory),
    ("os.arguments", arguments),
    ("os.environment", environment),
    ("os.processNumber", process_number),
    ("os.isTerminal", is_terminal),
    ("os.exit", exit),
];

/// An error number.
type Errno = i32;

/// Makes a system call until no signal interrupts it: its result, or the error.
fn retry<T: Copy + PartialEq + From<i8>>(mut call: impl FnMut() -> T) -> Result<T, Errno> {
    loop {
        let result = call();
        if result != T::from(-1) {
            return Ok(result);
        }
        let errno = last_errno();
        if errno != libc::EINTR {
            return Err(errno);
        }
    }
}

/// As [`retry`], for a call that may wait: meanwhile other goroutines run.
fn retry_waiting<T: Copy + PartialEq + From<i8>>(
    g: &mut Goroutine,
    wait: Wait,
    mut call: impl FnMut() -> T,
) -> Result<T, Errno> {
    let instance: &Instance = instance_of(g);
    scheduler::blocking(g, wait, || {
        loop {
            match retry_once(&mut call) {
                Err(libc::EINTR) if trap::is_quitting() => {
                    fatal::quit(instance, None);
                    // The call may never return.
                    crate::exit_now(fatal::FATAL_STATUS);
                }
                Err(libc::EINTR) => {}
                result => return result,
            }
        }
    })
}

fn retry_once<T: Copy + PartialEq + From<i8>>(call: &mut impl FnMut() -> T) -> Result<T, Errno> {
    let result = call();
    if result == T::from(-1) {
        Err(last_errno())
    } else {
        Ok(result)
    }
}

/// Whether a read of `fd` would have to wait, when there are other goroutines to run meanwhile.
fn read_wait(g: &Goroutine, fd: i32) -> Wait {
    if instance_of(g).scheduler.live_count() <= 1 {
        return Wait::Short;
    }
    let mut entry = libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one entry.
    if unsafe { libc::poll(&raw mut entry, 1, 0) } == 0 {
        Wait::Long
    } else {
        Wait::Short
    }
}

/// How long opening `name` may take: a named pipe waits for its other end.
fn open_wait(g: &Goroutine, name: &CStr) -> Wait {
    if !instance_of(g).options.is_seeded {
        return Wait::Short;
    }
    // SAFETY: all zeroes is a value of this plain record.
    let mut record: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: a string that NUL ends, and a writable record.
    let result = unsafe { libc::stat(name.as_ptr(), &raw mut record) };
    if result == 0 && record.st_mode & libc::S_IFMT == libc::S_IFIFO {
        Wait::Long
    } else {
        Wait::Short
    }
}

fn last_errno() -> Errno {
    Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)
}

/// Leaves a number, -1 in its place if there was an error, and the error.
fn put_number(call: &mut NativeCall<'_>, result: Result<i64, Errno>) {
    call.put_int(result.unwrap_or(-1));
    put_errno(call, result.map(|_| ()));
}

fn put_errno(call: &mut NativeCall<'_>, result: Result<(), Errno>) {
    call.put_int(i64::from(result.err().unwrap_or(0)));
}

/// The next argument, a file name; EINVAL if it has a NUL byte.
fn name(call: &mut NativeCall<'_>) -> Result<CString, Errno> {
    CString::new(call.string()).map_err(|_| libc::EINVAL)
}

fn descriptor(call: &mut NativeCall<'_>) -> i32 {
    // A number that is no int is no open descriptor either.
    i32::try_from(call.int()).unwrap_or(-1)
}

/// A call that takes a name and gives only an error.
fn with_name(call: &mut NativeCall<'_>, function: fn(&CStr) -> i32) {
    let result = name(call).and_then(|name| retry(|| function(&name)));
    put_errno(call, result.map(|_| ()));
}

fn libc_unlink(name: &CStr) -> i32 {
    // SAFETY: a string that NUL ends.
    unsafe { libc::unlink(name.as_ptr()) }
}

fn libc_rmdir(name: &CStr) -> i32 {
    // SAFETY: as above.
    unsafe { libc::rmdir(name.as_ptr()) }
}

fn libc_chdir(name: &CStr) -> i32 {
    // SAFETY: as above.
    unsafe { libc::chdir(name.as_ptr()) }
}

fn put_count(call: &mut NativeCall<'_>, result: Result<isize, Errno>) {
    call.put_int(result.unwrap_or(0) as i64);
    put_errno(call, result.map(|_| ()));
}

fn read(call: &mut NativeCall<'_>) {
    let (fd, buffer) = (descriptor(call), call.bytes_mut());
    scheduler::await_descriptor(call.g, fd, Direction::Read);
    let wait = read_wait(call.g, fd);
    let result = retry_waiting(call.g, wait, || {
        // SAFETY: the buffer is writable for its length.
        unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) }
    });
    put_count(call, result);
}

fn read_at(call: &mut NativeCall<'_>) {
    let (fd, buffer, offset) = (descriptor(call), call.bytes_mut(), call.int());
    let result = retry_waiting(call.g, Wait::Short, || {
        // SAFETY: as above.
        unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset) }
    });
    put_count(call, result);
}

fn write_at(call: &mut NativeCall<'_>) {
    let (fd, buffer, offset) = (descriptor(call), call.bytes(), call.int());
    let result = retry_waiting(call.g, Wait::Short, || {
        // SAFETY: the buffer is readable for its length.
        unsafe { libc::pwrite(fd, buffer.as_ptr().cast(), buffer.len(), offset) }
    });
    put_count(call, result);
}

fn write(call: &mut NativeCall<'_>) {
    let (fd, buffer) = (descriptor(call), call.bytes());
    let mut written = 0;
    let mut failure = 0;
    loop {
        let mut rest = &buffer[written..];
        if let Some(room) = scheduler::await_descriptor(call.g, fd, Direction::Write) {
            rest = &rest[..rest.len().min(room)];
        }
        let result = retry_waiting(call.g, Wait::Short, || {
            // SAFETY: the rest is readable for its length.
            unsafe { libc::write(fd, rest.as_ptr().cast(), rest.len()) }
        });
        match result {
            Ok(count) => written += count as usize,
            Err(errno) => failure = errno,
        }
        if failure != 0 || written == buffer.len() {
            break;
        }
    }
    if failure == libc::EPIPE && (fd == 1 || fd == 2) {
        die_of_broken_pipe();
    }
    call.put_int(written as i64);
    call.put_int(i64::from(failure));
}

/// Ends the process as a program ends that does not handle SIGPIPE.
fn die_of_broken_pipe() {
    // SAFETY: the default action of a signal, then the signal.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        libc::raise(libc::SIGPIPE);
    }
}

fn seek(call: &mut NativeCall<'_>) {
    let (fd, offset, whence) = (descriptor(call), call.int(), call.int() as i32);
    // SAFETY: no memory is involved.
    put_number(call, retry(|| unsafe { libc::lseek(fd, offset, whence) }));
}

fn open(call: &mut NativeCall<'_>) {
    let (name, flags, mode) = (
        name(call),
        call.int() as i32 | libc::O_CLOEXEC,
        call.word() as libc::mode_t,
    );
    let result = name.and_then(|name| {
        let wait = open_wait(call.g, &name);
        retry_waiting(call.g, wait, || {
            // SAFETY: a string that NUL ends.
            unsafe { libc::open(name.as_ptr(), flags, mode) }
        })
    });
    put_number(call, result.map(i64::from));
}

fn close(call: &mut NativeCall<'_>) {
    let fd = descriptor(call);
    // SAFETY: no memory is involved.
    let result = unsafe { libc::close(fd) };
    // When a signal interrupts it, Linux has closed the descriptor all the same.
    let failure = Some(last_errno()).filter(|&errno| result != 0 && errno != libc::EINTR);
    put_errno(call, failure.map_or(Ok(()), Err));
}

fn synchronize(call: &mut NativeCall<'_>) {
    let fd = descriptor(call);
    // SAFETY: no memory is involved.
    let result = retry_waiting(call.g, Wait::Short, || unsafe { libc::fsync(fd) });
    put_errno(call, result.map(|_| ()));
}

fn truncate(call: &mut NativeCall<'_>) {
    let (fd, name, size) = (descriptor(call), name(call), call.int());
    let result = if fd >= 0 {
        // SAFETY: no memory is involved.
        retry(|| unsafe { libc::ftruncate(fd, size) })
    } else {
        // SAFETY: a string that NUL ends.
        name.and_then(|name| retry(|| unsafe { libc::truncate(name.as_ptr(), size) }))
    };
    put_errno(call, result.map(|_| ()));
}

fn pipe(call: &mut NativeCall<'_>) {
    let mut ends = [-1; 2];
    // SAFETY: there is room for two descriptors.
    let result = retry(|| unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) });
    call.put_int(i64::from(ends[0]));
    call.put_int(i64::from(ends[1]));
    put_errno(call, result.map(|_| ()));
}

fn stat(call: &mut NativeCall<'_>) {
    let (fd, name, follow) = (descriptor(call), name(call), call.bool());
    // SAFETY: all zeroes is a value of this plain record.
    let mut record: libc::stat = unsafe { std::mem::zeroed() };
    let result = if fd >= 0 {
        // SAFETY: the record is writable.
        retry(|| unsafe { libc::fstat(fd, &raw mut record) })
    } else {
        let function = if follow { libc::stat } else { libc::lstat };
        // SAFETY: a string that NUL ends, and a writable record.
        name.and_then(|name| retry(|| unsafe { function(name.as_ptr(), &raw mut record) }))
    };
    call.put(u64::from(record.st_mode));
    call.put_int(record.st_size);
    call.put_int(record.st_mtime);
    call.put_int(record.st_mtime_nsec);
    call.put(record.st_dev);
    call.put(record.st_ino);
    put_errno(call, result.map(|_| ()));
}

fn list_directory(call: &mut NativeCall<'_>) {
    let result = name(call).and_then(|name| directory_entries(&name));
    call.put_string(result.as_deref().unwrap_or_default());
    put_errno(call, result.map(|_| ()));
}

/// Every entry but `.` and `..`: a byte for its type, its name, a NUL byte.
fn directory_entries(name: &CStr) -> Result<Vec<u8>, Errno> {
    // SAFETY: a string that NUL ends.
    let directory = unsafe { libc::opendir(name.as_ptr()) };
    if directory.is_null() {
        return Err(last_errno());
    }
    let mut entries = Vec::new();
    let failure = loop {
        // SAFETY: the thread's own error number, which tells an error from the end.
        unsafe { *libc::__errno_location() = 0 };
        // SAFETY: the directory is open.
        let entry = unsafe { libc::readdir(directory) };
        if entry.is_null() {
            break last_errno();
        }
        // SAFETY: `readdir` gave a record, whose name NUL ends, valid until the next call.
        let (kind, name) = unsafe {
            (
                (*entry).d_type,
                CStr::from_ptr((&raw const (*entry).d_name).cast()),
            )
        };
        if !matches!(name.to_bytes(), b"." | b"..") {
            entries.push(kind);
            entries.extend_from_slice(name.to_bytes_with_nul());
        }
    };
    // SAFETY: it is open, and not used again.
    unsafe { libc::closedir(directory) };
    if failure == 0 {
        Ok(entries)
    } else {
        Err(failure)
    }
}

fn make_directory(call: &mut NativeCall<'_>) {
    let (name, mode) = (name(call), call.word() as libc::mode_t);
    // SAFETY: a string that NUL ends.
    let result = name.and_then(|name| retry(|| unsafe { libc::mkdir(name.as_ptr(), mode) }));
    put_errno(call, result.map(|_| ()));
}

fn change_mode(call: &mut NativeCall<'_>) {
    let (name, mode) = (name(call), call.word() as libc::mode_t);
    // SAFETY: a string that NUL ends.
    let result = name.and_then(|name| retry(|| unsafe { libc::chmod(name.as_ptr(), mode) }));
    put_errno(call, result.map(|_| ()));
}

fn rename(call: &mut NativeCall<'_>) {
    let (from, to) = (name(call), name(call));
    let result = from.and_then(|from| {
        let to = to?;
        // SAFETY: two strings that NUL ends.
        retry(|| unsafe { libc::rename(from.as_ptr(), to.as_ptr()) })
    });
    put_errno(call, result.map(|_| ()));
}

fn link(call: &mut NativeCall<'_>) {
    let (from, to, is_symbolic) = (name(call), name(call), call.bool());
    let function = if is_symbolic {
        libc::symlink
    } else {
        libc::link
    };
    let result = from.and_then(|from| {
        let to = to?;
        // SAFETY: two strings that NUL ends.
        retry(|| unsafe { function(from.as_ptr(), to.as_ptr()) })
    });
    put_errno(call, result.map(|_| ()));
}

fn read_link(call: &mut NativeCall<'_>) {
    let result = name(call).and_then(|name| link_target(&name));
    call.put_string(result.as_deref().unwrap_or_default());
    put_errno(call, result.map(|_| ()));
}

fn link_target(name: &CStr) -> Result<Vec<u8>, Errno> {
    let mut buffer = vec![0; 128];
    loop {
        // SAFETY: a string that NUL ends, and a writable buffer.
        let length = retry(|| unsafe {
            libc::readlink(name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len())
        })?;
        // A full buffer may have cut the target.
        if (length as usize) < buffer.len() {
            buffer.truncate(length as usize);
            return Ok(buffer);
        }
        buffer.resize(buffer.len() * 2, 0);
    }
}

fn current_directory(call: &mut NativeCall<'_>) {
    let result = std::env::current_dir().map_err(|error| error.raw_os_error().unwrap_or(libc::EIO));
    call.put_string(
        result
            .as_ref()
            .map_or(b"", |path| path.as_os_str().as_bytes()),
    );
    put_errno(call, result.map(|_| ()));
}

fn arguments(call: &mut NativeCall<'_>) {
    let arguments = call.instance().options.arguments.clone();
    call.put_strings(&arguments);
}

fn environment(call: &mut NativeCall<'_>) {
    let variables =
        std::env::vars_os().map(|(key, value)| [key.as_bytes(), b"=", value.as_bytes()].concat());
    let variables: Vec<_> = variables.collect();
    call.put_strings(&variables);
}

fn process_number(call: &mut NativeCall<'_>) {
    let which = call.int();
    // SAFETY: these calls only return numbers.
    let number = unsafe {
        match which {
            0 => i64::from(libc::getpid()),
            1 => i64::from(libc::getppid()),
            2 => i64::from(libc::getuid()),
            3 => i64::from(libc::geteuid()),
            4 => i64::from(libc::getgid()),
            5 => i64::from(libc::getegid()),
            _ => -1,
        }
    };
    call.put_int(number);
}

fn is_terminal(call: &mut NativeCall<'_>) {
    let fd = descriptor(call);
    // SAFETY: no memory is involved.
    call.put_bool(unsafe { libc::isatty(fd) } == 1);
}

fn exit(call: &mut NativeCall<'_>) {
    let code = call.int() as i32;
    scheduler::leave(call.g, AfterSwitch::Exit(code));
}

#[cfg(test)]
mod tests {
    use std::ffi::CString;

    use super::{directory_entries, link_target};

    #[test]
    fn directories_are_listed_with_types() {
        let directory = std::env::temp_dir().join(format!("minigo-natives-{}", std::process::id()));
        std::fs::create_dir_all(directory.join("sub")).expect("a directory can be made");
        std::fs::write(directory.join("file"), "x").expect("a file can be written");
        let long = "t".repeat(300);
        std::os::unix::fs::symlink(&long, directory.join("link")).expect("a link can be made");
        let path = |name: &str| {
            CString::new(directory.join(name).to_str().expect("UTF-8")).expect("no NUL")
        };
        let entries = directory_entries(&path("")).expect("it can be read");
        let mut entries: Vec<&[u8]> = entries
            .split(|&byte| byte == 0)
            .filter(|entry| !entry.is_empty())
            .collect();
        entries.sort_by_key(|entry| &entry[1..]);
        assert_eq!(entries, [b"\x08file", b"\x0alink", b"\x04sub" as &[u8]]);
        assert_eq!(link_target(&path("link")), Ok(long.into_bytes()));
        assert_eq!(directory_entries(&path("file")), Err(libc::ENOTDIR));
        assert_eq!(link_target(&path("none")), Err(libc::ENOENT));
        std::fs::remove_dir_all(directory).expect("it can be removed");
    }
}
