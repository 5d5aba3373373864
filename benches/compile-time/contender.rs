//! The contenders: the same functions under different attributes.

use std::fmt::Write as _;

/// How many functions each crate has.
const FUNCTIONS: usize = 1000;

pub const TRACING: &str = "#[instrument(skip_all)]";
pub const FASTRACE: &str = "#[fastrace::trace]";

pub struct Contender {
    pub name: &'static str,
    /// The name of its crate.
    pub package: &'static str,
    /// The line of its dependency; `{root}` is the repository.
    pub dependency: &'static str,
    attributes: &'static str,
}

pub const CONTENDERS: [Contender; 5] = [
    Contender { name: "no attribute", package: "plain", dependency: "", attributes: "" },
    Contender {
        name: "#[traced]",
        package: "traced",
        dependency: r#"cryostorm = { path = "{root}/cryostorm" }"#,
        attributes: "#[cryostorm::traced]",
    },
    Contender {
        name: "all three",
        package: "all-three",
        dependency: r#"cryostorm = { path = "{root}/cryostorm" }"#,
        attributes: "#[cryostorm::traced] #[cryostorm::counted] #[cryostorm::timed]",
    },
    Contender {
        name: TRACING,
        package: "with-tracing",
        dependency: r#"tracing = "=0.1.44""#,
        attributes: "#[tracing::instrument(skip_all)]",
    },
    Contender {
        name: FASTRACE,
        package: "with-fastrace",
        dependency: r#"fastrace = { version = "0.7.17", features = ["enable"] }"#,
        attributes: "#[fastrace::trace]",
    },
];

impl Contender {
    /// The source of its crate.
    pub fn source(&self) -> String {
        let mut source = String::from(
            "#[derive(Debug)]\npub struct Refused;\n\
             impl std::fmt::Display for Refused {\n    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {\n        f.write_str(\"refused\")\n    }\n}\n\
             impl std::error::Error for Refused {}\n",
        );
        for index in 0..FUNCTIONS {
            let (asyncness, attributes) = (if index % 2 == 0 { "" } else { "async " }, self.attributes);
            // Writing to a string cannot fail.
            let _ = write!(
                source,
                "{attributes}\npub {asyncness}fn function_{index}(count: u64, name: &str) -> Result<u64, Refused> {{\n    \
                 if count > {index} {{\n        return Err(Refused);\n    }}\n    Ok(count + name.len() as u64)\n}}\n"
            );
        }
        source
    }
}
