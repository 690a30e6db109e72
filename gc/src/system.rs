//! What the heap asks of the system: address space, memory behind it, and how long a thread ran.
//!
//! Miri knows no protection of pages and no clock of a thread: there all address space has memory from the start.

use std::num::NonZeroUsize;
use std::ptr::{null_mut, with_exposed_provenance_mut};
use std::time::Duration;

/// Whether Miri interprets the program.
const IS_INTERPRETED: bool = cfg!(miri);

/// A private anonymous mapping that is unmapped when dropped. Its memory is zero, and takes room only once it is written.
pub(crate) struct Mapping {
    pub(crate) address: NonZeroUsize,
    size_bytes: usize,
}

impl Mapping {
    /// Memory that can be read and written.
    pub(crate) fn of_memory(size_bytes: usize) -> Result<Self, i32> {
        let mapping = Self::new(size_bytes, libc::PROT_READ | libc::PROT_WRITE)?;
        // A huge page for a few entries would be mostly empty.
        mapping.advise(mapping.address.get(), size_bytes, libc::MADV_NOHUGEPAGE);
        Ok(mapping)
    }

    /// Address space that holds no memory before [`Self::commit`].
    pub(crate) fn of_address_space(size_bytes: usize) -> Result<Self, i32> {
        if IS_INTERPRETED {
            return Self::of_memory(size_bytes);
        }
        Self::new(size_bytes, libc::PROT_NONE)
    }

    fn new(size_bytes: usize, protection: libc::c_int) -> Result<Self, i32> {
        let mut flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        if !IS_INTERPRETED {
            flags |= libc::MAP_NORESERVE;
        }
        // SAFETY: a fresh mapping at an address of the system's choice disturbs nobody.
        let address = unsafe { libc::mmap(null_mut(), size_bytes, protection, flags, -1, 0) };
        if address == libc::MAP_FAILED {
            return Err(std::io::Error::last_os_error()
                .raw_os_error()
                .unwrap_or(libc::ENOMEM));
        }
        let address = NonZeroUsize::new(address.expose_provenance()).ok_or(libc::ENOMEM)?;
        Ok(Self {
            address,
            size_bytes,
        })
    }

    fn check(&self, address: usize, size_bytes: usize) {
        let offset = address - self.address.get();
        assert!(offset <= self.size_bytes && size_bytes <= self.size_bytes - offset);
    }

    /// Lets a part be read and written. False when the system refuses.
    pub(crate) fn commit(&self, address: usize, size_bytes: usize) -> bool {
        self.check(address, size_bytes);
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let start = with_exposed_provenance_mut(address);
        // SAFETY: the range lies in our mapping; allowing more than before disturbs nobody.
        IS_INTERPRETED || unsafe { libc::mprotect(start, size_bytes, protection) } == 0
    }

    /// Asks for small pages behind a part.
    pub(crate) fn prefer_small_pages(&self, address: usize, size_bytes: usize) {
        self.advise(address, size_bytes, libc::MADV_NOHUGEPAGE);
    }

    fn advise(&self, address: usize, size_bytes: usize, advice: libc::c_int) {
        self.check(address, size_bytes);
        if !IS_INTERPRETED {
            // SAFETY: only advice, and on our own range.
            unsafe { libc::madvise(with_exposed_provenance_mut(address), size_bytes, advice) };
        }
    }

    /// Gives the memory behind a part back to the system; afterwards it is zero. False when the system refuses.
    ///
    /// # Safety
    /// Nobody uses what it holds.
    pub(crate) unsafe fn release(&self, address: usize, size_bytes: usize) -> bool {
        self.check(address, size_bytes);
        let start = with_exposed_provenance_mut::<u8>(address);
        if IS_INTERPRETED {
            // SAFETY: the range lies in our mapping, and the caller vouches for the rest.
            unsafe { start.write_bytes(0, size_bytes) };
            return true;
        }
        // SAFETY: as above.
        unsafe { libc::madvise(start.cast(), size_bytes, libc::MADV_DONTNEED) == 0 }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        let start = with_exposed_provenance_mut(self.address.get());
        // SAFETY: the mapping is ours, and its owner, who alone gave out references into it, is gone.
        unsafe { libc::munmap(start, self.size_bytes) };
    }
}

/// Bytes of memory that the machine can still give without ending a process for it; `None` where it does not say.
pub(crate) fn available_memory_bytes() -> Option<u64> {
    if IS_INTERPRETED {
        return None;
    }
    parse_available_memory(&std::fs::read_to_string("/proc/meminfo").ok()?)
}

fn parse_available_memory(text: &str) -> Option<u64> {
    let kibibytes = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let bytes = kibibytes("MemAvailable:")?.checked_add(kibibytes("SwapFree:").unwrap_or(0))?;
    bytes.checked_mul(1 << 10)
}

/// Processor time of this thread.
pub(crate) fn thread_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    if !IS_INTERPRETED {
        // SAFETY: the clock exists on every Linux, and the structure is ours.
        unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    }
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn available_memory_is_what_is_free_or_can_be_made_so() {
        let text =
            "MemTotal:       24000000 kB\nMemFree: 5 kB\nMemAvailable:   1024 kB\nSwapFree: 1 kB\n";
        assert_eq!(parse_available_memory(text), Some(1025 << 10));
        assert_eq!(parse_available_memory("MemTotal: 7 kB\n"), None);
        assert!(IS_INTERPRETED || available_memory_bytes().is_some());
    }
}
