//! How much memory the control group leaves to the program.
//!
//! Beyond that the kernel ends the process without a word. So it is a memory limit where the program states none, and the
//! heap ends the program itself, as out of memory, before it grows beyond. Looked up when the heap has grown large.

/// What the process needs besides objects, or may need soon: code, stacks, tables.
const RESERVE_BYTES: u64 = 24 << 20;

/// The first version's way to say that there is no limit is a large number.
const LEAST_UNLIMITED: u64 = 1 << 60;

/// Has the heap respect the control group's limit.
pub fn respect_control_group(heap: &gc::Heap) {
    let Ok(groups) = std::fs::read_to_string("/proc/self/cgroup") else {
        return;
    };
    if let Some(limit) = limit_bytes(&groups, |file| std::fs::read_to_string(file).ok()) {
        heap.set_system_limit_bytes(limit, limit.saturating_sub(RESERVE_BYTES.min(limit / 4)));
    }
}

/// The least limit of the groups that `groups`, the text of `/proc/self/cgroup`, names, and of those around them.
fn limit_bytes(groups: &str, read: impl Fn(&str) -> Option<String>) -> Option<u64> {
    let mut least: Option<u64> = None;
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':');
        let (_, Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let (root, file) = if controllers.is_empty() {
            ("/sys/fs/cgroup", "memory.max")
        } else if controllers.split(',').any(|name| name == "memory") {
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
        } else {
            continue;
        };
        let mut path = path.trim_end_matches('/');
        loop {
            let limit = read(&format!("{root}{path}/{file}"))
                .and_then(|text| text.trim().parse::<u64>().ok())
                .filter(|&bytes| bytes < LEAST_UNLIMITED);
            least = least.into_iter().chain(limit).min();
            let Some(end) = path.rfind('/') else { break };
            path = &path[..end];
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::limit_bytes;

    fn limit(groups: &str, files: &[(&str, &str)]) -> Option<u64> {
        limit_bytes(groups, |file| {
            files
                .iter()
                .find(|(name, _)| *name == file)
                .map(|(_, text)| (*text).to_owned())
        })
    }

    #[test]
    fn the_second_version_limits_at_any_level() {
        let groups = "0::/system/box/inner\n";
        let files = [
            ("/sys/fs/cgroup/system/box/inner/memory.max", "max\n"),
            ("/sys/fs/cgroup/system/box/memory.max", "300000000\n"),
            ("/sys/fs/cgroup/system/memory.max", "500000000\n"),
        ];
        assert_eq!(limit(groups, &files), Some(300_000_000));
        assert_eq!(limit("0::/\n", &files), None);
    }

    #[test]
    fn the_first_version_has_a_file_of_its_own() {
        let groups = "9:name=systemd:/\n4:cpu,memory:/a/b\n0::/\n";
        let files = [
            (
                "/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes",
                "9223372036854771712\n",
            ),
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n"),
            (
                "/sys/fs/cgroup/memory/a/memory.limit_in_bytes",
                "not a number",
            ),
        ];
        assert_eq!(limit(groups, &files), Some(1_000_000));
        assert_eq!(limit("nonsense\n4:memory", &files), None);
    }
}
