//! How a settings section is declared: its fields, defaults, rules and documentation in one place.

use super::SettingsError;

/// Why a value was refused, before anyone knows which setting it was for.
#[derive(Debug)]
pub(crate) enum Rejected {
    /// The section has no such field; these it has. `rest` names are left of the path, the unknown one among them.
    UnknownField { accepted: &'static [&'static str], rest: usize },
    /// The field does not take this value; this it takes.
    Value { accepted: String },
}

/// The first setting in which two sets of settings differ.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) setting: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
}

/// A field of the settings or a whole section of them.
pub(crate) trait Setting {
    /// Takes a value from text. `path` leads from here to the field; it is empty at the field itself.
    fn set(&mut self, path: &[&str], text: &str) -> Result<(), Rejected>;

    /// Checks the rules of this setting, whose dotted name is `name`.
    fn validate(&self, name: &str) -> Result<(), SettingsError>;

    /// Finds the first setting in which `other` differs.
    fn difference(&self, other: &Self, name: &str) -> Option<Difference>;

    /// Lists the dotted names of the values below `name`.
    fn names(&self, name: &str, names: &mut Vec<String>);
}

/// A single value: parsed from text, shown in errors.
pub(crate) trait Value: Sized + PartialEq {
    /// Parses `text`, or says what is accepted.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value as errors may show it: secrets are left out.
    fn show(&self) -> String;
}

impl<T: Value> Setting for T {
    fn set(&mut self, path: &[&str], text: &str) -> Result<(), Rejected> {
        if !path.is_empty() {
            return Err(Rejected::UnknownField { accepted: &[], rest: path.len() });
        }
        *self = T::parse(text).map_err(|accepted| Rejected::Value { accepted })?;
        Ok(())
    }

    fn validate(&self, _name: &str) -> Result<(), SettingsError> {
        Ok(())
    }

    fn difference(&self, other: &Self, name: &str) -> Option<Difference> {
        (self != other).then(|| Difference {
            setting: name.to_owned(),
            ours: self.show(),
            theirs: other.show(),
        })
    }

    fn names(&self, name: &str, names: &mut Vec<String>) {
        names.push(name.to_owned());
    }
}

/// Joins a section's dotted name and a field's.
pub(crate) fn dotted(section: &str, field: &str) -> String {
    if section.is_empty() { field.to_owned() } else { format!("{section}.{field}") }
}

/// Declares a section: `pub field: Type = default`, and after `=>` a rule with the words for what it accepts.
macro_rules! section {
    (
        $(#[$section_doc:meta])*
        pub struct $section:ident {
            $(
                $(#[$field_doc:meta])*
                pub $field:ident: $type:ty = $default:expr $(=> ($rule:expr, $accepted:literal))?
            ),* $(,)?
        }
    ) => {
        $(#[$section_doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $section {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Default for $section {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::settings::section::Setting for $section {
            fn set(
                &mut self,
                path: &[&str],
                text: &str,
            ) -> Result<(), $crate::settings::section::Rejected> {
                use $crate::settings::section::Rejected;
                match path {
                    $([stringify!($field), rest @ ..] => {
                        let set = self.$field.set(rest, text);
                        $(let set = match set {
                            Err(Rejected::Value { .. }) => Err(Rejected::Value { accepted: $accepted.to_owned() }),
                            set => set,
                        };)?
                        set
                    })*
                    _ => Err(Rejected::UnknownField { accepted: &[$(stringify!($field)),*], rest: path.len() }),
                }
            }

            fn validate(&self, name: &str) -> Result<(), $crate::settings::SettingsError> {
                use $crate::settings::section::dotted;
                $(
                    let field = dotted(name, stringify!($field));
                    self.$field.validate(&field)?;
                    $(
                        let rule: fn(&$type) -> bool = $rule;
                        if !rule(&self.$field) {
                            let shown = $crate::settings::section::Value::show(&self.$field);
                            return Err($crate::settings::SettingsError::invalid(&field, &shown, $accepted));
                        }
                    )?
                )*
                Ok(())
            }

            fn difference(
                &self,
                other: &Self,
                name: &str,
            ) -> Option<$crate::settings::section::Difference> {
                use $crate::settings::section::dotted;
                None
                    $(.or_else(|| {
                        self.$field.difference(&other.$field, &dotted(name, stringify!($field)))
                    }))*
            }

            fn names(&self, name: &str, names: &mut Vec<String>) {
                use $crate::settings::section::dotted;
                $(self.$field.names(&dotted(name, stringify!($field)), names);)*
            }
        }
    };
}
pub(crate) use section;
