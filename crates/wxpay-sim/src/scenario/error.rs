//! Why a scenario is none.

/// Why a scenario is none.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// The file cannot be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is neither TOML nor JSON.
    #[error("{file}: {problem}")]
    Syntax {
        /// The file.
        file: String,
        /// What the reader says, with the line.
        problem: String,
    },
    /// A field is wrong.
    #[error("{file}: {place}`{field}`: {issue}")]
    Field {
        /// The file.
        file: String,
        /// Where: `rule 2 ("refunds"): `, or nothing outside of rules.
        place: String,
        /// The field.
        field: String,
        /// What is wanted.
        issue: String,
    },
    /// Two rules have one name.
    #[error("{name:?} is the name of another rule already")]
    Taken {
        /// The name.
        name: String,
    },
}
