//! Who listens on a port: for the one sentence that is said when ours is taken. xtask says it, too, with this file.

use std::fs;
use std::path::Path;

/// The process that listens on this TCP port, as `'python3' (PID 4242)`; `None` where the system does not
/// tell, for example for a process of another user.
pub fn holder(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .find_map(|table| listening_inode(&fs::read_to_string(table).ok()?, port))?;
    let wanted = format!("socket:[{inode}]");
    let mut names = fs::read_dir("/proc")
        .ok()?
        .flatten()
        .map(|entry| entry.file_name());
    let pid = names.find_map(|name| {
        let pid: u32 = name.to_str()?.parse().ok()?;
        holds(&Path::new("/proc").join(name), &wanted).then_some(pid)
    })?;
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(format!("'{}' (PID {pid})", name.trim()))
}

/// Whether one of the process's open files is this socket.
fn holds(process: &Path, socket: &str) -> bool {
    let files = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
    files
        .filter_map(|file| fs::read_link(file.path()).ok())
        .any(|target| target.as_os_str() == socket)
}

/// The inode of the socket that listens on `port`, from a table in the form of `/proc/net/tcp`: the second
/// field is the local address with the port in hexadecimal, the fourth the state (0A: listening), the tenth
/// the inode.
fn listening_inode(table: &str, port: u16) -> Option<String> {
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let local = fields.get(1)?.rsplit_once(':')?.1;
        let is_it = u16::from_str_radix(local, 16) == Ok(port) && *fields.get(3)? == "0A";
        is_it.then(|| fields.get(9).map(|inode| (*inode).to_owned()))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listening_sockets_of_that_port_count() {
        let table = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1068 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 111 1
   1: 0100007F:1068 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1
   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1";
        assert_eq!(listening_inode(table, 4200).as_deref(), Some("222"));
        assert_eq!(listening_inode(table, 8080).as_deref(), Some("333"));
        assert_eq!(listening_inode(table, 9), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_found_by_its_listener() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let holder = holder(listener.local_addr().unwrap().port()).unwrap();
        assert!(
            holder.contains(&format!("(PID {})", std::process::id())),
            "{holder}"
        );
    }
}
