//! The command line: what the binary does.

mod backup;
mod config_check;
mod keys;
mod migrate;
mod openapi;
mod print;
mod reprice;
mod serve;
mod user;

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use tollgate_domain::{Clock, SystemClock};
use tollgate_store::Store;

use crate::config::{Config, Environment, Flags};
use crate::{logging, start};

/// An AI gateway: one API before many providers, with keys, limits and accounts
#[derive(Debug, Parser)]
#[command(name = "tollgate", version, arg_required_else_help = false)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start (this is what happens without a command)
    Serve,
    /// Bring the tables up to date
    Migrate,
    /// Load the providers, models and prices that this version knows
    Seed,
    /// Users
    #[command(subcommand)]
    User(user::UserCommand),
    /// Upstream keys
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Price recorded calls again, each by the price that is now known for its time
    Reprice(reprice::RepriceFlags),
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the API's OpenAPI document
    Openapi,
    /// Copy the SQLite database and the key files into a new folder
    Backup {
        /// The folder to make
        folder: std::path::PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print the effective settings, secrets masked
    Check,
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: Cli) -> anyhow::Result<()> {
    if matches!(cli.command, Some(Command::Openapi)) {
        return openapi::run();
    }
    let config = Config::load(Environment::of_process(), &cli.flags)?;
    logging::start(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(config).await,
            Command::Migrate => migrate::migrate(&config).await,
            Command::Seed => migrate::seed(&config).await,
            Command::User(command) => user::run(&config, command).await,
            Command::Keys(command) => keys::run(&config, command).await,
            Command::Reprice(flags) => reprice::run(&config, flags).await,
            Command::Config(ConfigCommand::Check) => config_check::run(&config),
            Command::Openapi => openapi::run(),
            Command::Backup { folder } => backup::run(&config, &folder).await,
        }
    })
}

/// The store with its tables up to date, and the clock, for commands other than `serve`.
async fn ready_store(config: &Config) -> anyhow::Result<(Store, SystemClock)> {
    let store = start::open_store(config).await?;
    store.migrate().await.context("the tables cannot be brought up to date")?;
    store.seed(SystemClock.now()).await?;
    Ok((store, SystemClock))
}
