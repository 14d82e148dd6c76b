//! How many threads to compute with.

use std::collections::HashSet;
use std::thread::available_parallelism;

use crate::wire::Threads;

/// Resolves a wish against this machine; at least one.
pub(super) fn count(wish: Threads) -> u32 {
    let cores = physical_cores();
    match wish {
        Threads::All => cores,
        Threads::AllButOne => (cores - 1).max(1),
        Threads::Exactly(n) => n.max(1),
    }
}

/// Hyper-threads share the units that matter here, so they do not count; a limit of the container does.
fn physical_cores() -> u32 {
    let allowed = available_parallelism().map_or(1, |n| n.get() as u32);
    cores_in_sysfs().map_or(allowed, |cores| cores.min(allowed)).max(1)
}

#[expect(clippy::disallowed_methods, reason = "the kernel's list of cores is no user's file")]
fn cores_in_sysfs() -> Option<u32> {
    let cpus = std::fs::read_dir("/sys/devices/system/cpu").ok()?;
    let siblings: HashSet<String> = cpus
        .flatten()
        .filter_map(|cpu| std::fs::read_to_string(cpu.path().join("topology/thread_siblings_list")).ok())
        .collect();
    u32::try_from(siblings.len()).ok().filter(|&n| n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_thread() {
        assert!(count(Threads::All) >= 1);
        assert!(count(Threads::AllButOne) >= 1);
        assert!(count(Threads::AllButOne) <= count(Threads::All));
        assert_eq!(count(Threads::Exactly(3)), 3);
        assert_eq!(count(Threads::Exactly(0)), 1);
    }
}
