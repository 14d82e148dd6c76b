//! Landlock rules: which files a command reaches, whatever else is mounted.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::fs::{Dir, FileType, Mode, OFlags, fstat, openat};

use super::super::wire::{Protected, Protection, Request};
use super::NOT_CONFINED;

/// What this kernel's Landlock can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Level {
    /// Missing, or so old (before Linux 6.2) that files elsewhere could be truncated.
    Insufficient,
    /// Files.
    Files,
    /// Files, and signals to processes outside (from Linux 6.12).
    FilesAndSignals,
}

impl Level {
    pub(in super::super) fn of_this_kernel() -> Self {
        let hard = || Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        if hard().handle_access(AccessFs::from_all(ABI::V3)).and_then(Ruleset::create).is_err() {
            Self::Insufficient
        } else if hard().scope(Scope::Signal).and_then(Ruleset::create).is_err() {
            Self::Files
        } else {
            Self::FilesAndSignals
        }
    }
}

/// Devices that every program may use; each is harmless.
const DEVICES: &[&str] = &[
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/tty",
    "/dev/ptmx",
    "/dev/pts",
];

pub(super) fn rules(request: &Request) -> Result<RulesetCreated, landlock::RulesetError> {
    let everything = AccessFs::from_all(ABI::V5);
    let rules = Ruleset::default()
        .handle_access(everything)?
        .scope(Scope::Signal | Scope::AbstractUnixSocket)?
        .create()?
        .add_rules(path_beneath_rules(&request.read_only, AccessFs::from_read(ABI::V5)))?
        .add_rules(path_beneath_rules(&request.read_write, changes()))?
        .add_rules(path_beneath_rules(DEVICES, AccessFs::from_file(ABI::V5)))?;
    if request.protected.is_empty() {
        return rules.add_rules(path_beneath_rules([&request.workspace], changes()));
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::fs::open(&request.workspace, flags, Mode::empty()) {
        Ok(root) => grant_around(rules, &root, Path::new(""), &request.protected),
        Err(_) => Ok(rules),
    }
}

/// All rights but making devices, through which root would reach the whole disk.
fn changes() -> BitFlags<AccessFs> {
    AccessFs::from_all(ABI::V5) & !(AccessFs::MakeBlock | AccessFs::MakeChar)
}

/// Grants a folder's entries one by one, because a right on a folder holds for everything in it: what is protected gets
/// none, or only to read, and in the folders on the way nothing can be made, removed or renamed.
fn grant_around(
    mut rules: RulesetCreated,
    folder: &OwnedFd,
    at: &Path,
    protected: &[Protected],
) -> Result<RulesetCreated, landlock::RulesetError> {
    rules = rules.add_rule(PathBeneath::new(folder, AccessFs::ReadDir))?;
    let Ok(entries) = Dir::read_from(folder) else { return Ok(rules) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "." || name == ".." {
            continue;
        }
        let path = at.join(&name);
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let Ok(found) = openat(folder, entry.file_name(), flags, Mode::empty()) else { continue };
        let Ok(stat) = fstat(&found) else { continue };
        let kind = FileType::from_raw_mode(stat.st_mode);
        let rights = match protected.iter().find(|part| part.path == path).map(|part| part.protection) {
            Some(Protection::ReadOnly) => AccessFs::from_read(ABI::V5),
            Some(Protection::HiddenFile | Protection::HiddenFolder) => continue,
            None if kind == FileType::Directory
                && protected.iter().any(|part| part.path.starts_with(&path)) =>
            {
                let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                if let Ok(inner) = openat(folder, entry.file_name(), flags, Mode::empty()) {
                    rules = grant_around(rules, &inner, &path, protected)?;
                }
                continue;
            }
            None => changes(),
        };
        // A right on a link would be one on the link itself; its target has its own rule if it lies in the workspace.
        let rights = match kind {
            FileType::Symlink => continue,
            FileType::Directory => rights,
            _ => rights & AccessFs::from_file(ABI::V5),
        };
        rules = rules.add_rule(PathBeneath::new(found.as_fd(), rights))?;
    }
    Ok(rules)
}

/// Confines the calling thread. In its own namespaces a command is confined without Landlock too; without them never.
pub(super) fn apply(rules: RulesetCreated, namespaces: bool) -> io::Result<()> {
    let refused = || io::Error::from_raw_os_error(NOT_CONFINED);
    let status = rules.restrict_self().map_err(|_| refused())?;
    if status.ruleset == RulesetStatus::NotEnforced && !namespaces {
        return Err(refused());
    }
    Ok(())
}
