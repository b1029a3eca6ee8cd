//! The list of variables as documents: `.env.example` and the table of `docs/operations.md`.

use std::fmt::Write;

use super::variables;

/// What `.env.example` holds.
#[must_use]
pub fn env_example() -> String {
    let mut text = String::from(
        "# Every variable there is, each with its default. With nothing set Tollgate runs in\n\
         # embedded mode: SQLite in ./data, secrets made there.\n",
    );
    for (concern, variables) in variables() {
        let _ = write!(text, "\n# --- {concern} ---\n");
        for variable in variables {
            let _ = write!(
                text,
                "\n# {}\n# Default: {}\n#{}=\n",
                variable.meaning, variable.default, variable.name
            );
        }
    }
    text
}

/// The table that `docs/operations.md` holds.
#[must_use]
pub fn markdown_table() -> String {
    let mut text = String::from("| variable | meaning | default |\n| --- | --- | --- |\n");
    for variable in variables().iter().flat_map(|(_, variables)| variables.iter()) {
        let _ =
            writeln!(text, "| `{}` | {} | {} |", variable.name, variable.meaning, variable.default);
    }
    text
}
