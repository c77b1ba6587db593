//! The settings file, rewritten at each start so that an upgrade of the server takes effect.

use std::fmt::Write as _;
use std::fs;

const MIB: u64 = 1024 * 1024;

/// Assumed when the machine does not tell its memory.
const UNKNOWN_RAM_BYTES: u64 = 2048 * MIB;

/// Settings that do not depend on the machine. Durability is spelled out although it is the default: a charge
/// that was answered must survive a power cut, so nobody should have to look the defaults up.
const FIXED: [(&str, &str); 23] = [
    ("listen_addresses", ""),
    ("port", "5432"),
    ("unix_socket_permissions", "0700"),
    ("max_connections", "100"),
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
    ("wal_compression", "on"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "15min"),
    ("checkpoint_completion_target", "0.9"),
    ("random_page_cost", "1.1"),
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("lc_messages", "C"),
    ("cluster_name", "coinslot"),
    ("logging_collector", "on"),
    ("log_directory", "../log"),
    ("log_filename", "postgres-%a.log"),
    ("log_truncate_on_rotation", "on"),
    ("log_rotation_age", "1d"),
    ("log_rotation_size", "0"),
];

/// The text of `<home>/postgresql.conf`. What initdb wrote comes first, so that ours wins; `ALTER SYSTEM` wins
/// over both, because PostgreSQL reads its file last.
///
/// `socket_dir` must be free of quotes and commas, which the list syntax of that setting cannot hold.
pub(super) fn render(socket_dir: &str, ram_bytes: Option<u64>, extra: &[(String, String)]) -> String {
    let ram = ram_bytes.unwrap_or(UNKNOWN_RAM_BYTES);
    let shared_buffers = (ram / 8 / MIB).clamp(128, 1024);
    let effective_cache_size = (ram / 2 / MIB).max(256);
    let mut text =
        String::from("# Written at each start of the server; change settings with ALTER SYSTEM.\n");
    text.push_str("include 'cluster/postgresql.conf'\n");
    push(&mut text, "unix_socket_directories", &format!("\"{socket_dir}\""));
    push(&mut text, "shared_buffers", &format!("{shared_buffers}MB"));
    push(&mut text, "effective_cache_size", &format!("{effective_cache_size}MB"));
    for (name, value) in FIXED {
        push(&mut text, name, value);
    }
    for (name, value) in extra {
        push(&mut text, name, value);
    }
    text
}

fn push(text: &mut String, name: &str, value: &str) {
    let quoted = value.replace('\\', "\\\\").replace('\'', "''");
    let _ = writeln!(text, "{name} = '{quoted}'");
}

/// The memory of this machine or container in bytes, where Linux tells it.
pub(super) fn ram_bytes() -> Option<u64> {
    let meminfo = fs::read_to_string("/proc/meminfo").ok()?;
    let total = parse_meminfo(&meminfo)?;
    let limit = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let limit = limit.and_then(|limit| limit.trim().parse::<u64>().ok());
    Some(limit.map_or(total, |limit| limit.min(total)))
}

fn parse_meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(parse_meminfo("MemTotal:       24520080 kB\nMemFree: 1 kB\n"), Some(24_520_080 * 1024));
        assert_eq!(parse_meminfo("nothing"), None);
    }

    #[test]
    fn buffers_grow_with_the_machine_between_bounds() {
        for (ram_mib, expected) in [(512, "128MB"), (4096, "512MB"), (65_536, "1024MB")] {
            let text = render("/s", Some(ram_mib * MIB), &[]);
            assert!(text.contains(&format!("shared_buffers = '{expected}'\n")), "{text}");
        }
    }

    #[test]
    fn extra_settings_come_last_and_are_quoted() {
        let text = render("/s", None, &[("fsync".into(), "off".into()), ("x.y".into(), r"it's \".into())]);
        assert!(text.ends_with("fsync = 'off'\nx.y = 'it''s \\\\'\n"), "{text}");
    }

    #[test]
    fn a_socket_directory_with_spaces_stays_one_directory() {
        let text = render("/my data/socket", None, &[]);
        assert!(text.contains("unix_socket_directories = '\"/my data/socket\"'\n"), "{text}");
    }
}
