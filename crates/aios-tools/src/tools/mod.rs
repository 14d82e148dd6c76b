//! The tools, one file each. Names and parameters are part of the product's contract.

mod ask_human;
mod edit_file;
mod git_init;
mod git_status;
mod list_files;
mod read_file;
mod read_test_output;
mod run_command;
mod search_files;
mod write_file;

use crate::tool::ToolEntry;

/// The tools of the product, in the order in which models are told of them.
pub(crate) fn standard() -> Vec<ToolEntry> {
    vec![
        ToolEntry::of::<write_file::WriteFile>(),
        ToolEntry::of::<read_file::ReadFile>(),
        ToolEntry::of::<list_files::ListFiles>(),
        ToolEntry::of::<edit_file::EditFile>(),
        ToolEntry::of::<search_files::SearchFiles>(),
        ToolEntry::of::<run_command::RunCommand>(),
        ToolEntry::of::<read_test_output::ReadTestOutput>(),
        ToolEntry::of::<git_init::GitInit>(),
        ToolEntry::of::<git_status::GitStatus>(),
        ToolEntry::of::<ask_human::AskHuman>(),
    ]
}
