//! How many files and connections may be open at once.

/// As many as are ever asked for: a stream takes two, and a limit without end makes some programs
/// slow.
const MOST: u64 = 1 << 20;
/// Fewer than this are worth a word: 1,000 streams at once and what else there is.
const FEW: u64 = 4_096;

/// Raises the process's own limit of open files to what the system lets it have: the usual one is
/// 1,024, which are some 500 streams.
pub fn raise_limit() {
    match rlimit::increase_nofile_limit(MOST) {
        Ok(limit) if limit < FEW => tracing::warn!(
            "only {limit} files and connections may be open at once, and a stream takes two: raise \
             the hard limit (ulimit -Hn, LimitNOFILE= of systemd, --ulimit nofile= of Docker)"
        ),
        Ok(limit) => tracing::info!("{limit} files and connections may be open at once"),
        Err(error) => tracing::warn!("the limit of open files cannot be raised: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use rlimit::Resource;

    use super::*;

    #[test]
    fn as_many_files_may_be_open_as_the_system_allows() {
        let (_, hard) = Resource::NOFILE.get().unwrap();
        Resource::NOFILE.set(hard.min(512), hard).unwrap();

        raise_limit();

        assert_eq!(Resource::NOFILE.get().unwrap(), (hard.min(MOST), hard));
    }
}
