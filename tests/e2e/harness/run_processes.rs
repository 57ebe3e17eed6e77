//! The processes of flow runs that a test leaves behind: they have process groups of their own and outlive their agent.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

/// Ends every process that an agent has noted in this data folder, with all it has started. Without that, runs whose
/// server is gone would load the machine until their patience ends. No agent may be at work there any more.
pub fn end_all(data: &Path) {
    let agents = entries(&data.join("agent"));
    for note in agents.iter().flat_map(|agent| entries(agent)) {
        let text = fs::read(&note).unwrap_or_default();
        let note: Value = serde_json::from_slice(&text).unwrap_or_default();
        let process = &note["process"];
        let pid = process["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok());
        if let Some(pid) = pid.filter(|pid| is_still(*pid, &process["started"]))
            && let Some(pid) = Pid::from_raw(pid)
        {
            // It may have ended in between.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// Whether a process started when the note says: numbers are used again. Where there is no `/proc` nothing is noted.
fn is_still(pid: i32, started: &Value) -> bool {
    if started.is_null() {
        return true;
    }
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Field 22; the name in brackets, which is the second, may hold anything.
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields.split_whitespace());
    let now = fields.and_then(|mut fields| fields.nth(19)?.parse().ok());
    now.is_some() && now == started.as_u64()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
