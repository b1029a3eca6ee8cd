//! The binary `tollgate`.

use tikv_jemallocator::Jemalloc;

/// Gives back what a load took, which the system's allocator keeps. How soon is set where it is
/// built: `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> std::process::ExitCode {
    tollgate_server::cli::run()
}
