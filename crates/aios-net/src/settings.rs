//! What is wrong with a setting.

/// A setting is missing although another needs it, or cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the setting {name} {reason}")]
pub struct BadSetting {
    /// Its name.
    pub name: &'static str,
    /// What is wrong.
    pub reason: &'static str,
}

/// The value of a setting; blank ones count as missing.
pub(crate) fn value(read: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    read(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Only literal names of this machine: what a name server says is not trusted to stay here.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
