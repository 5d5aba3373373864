use std::fmt;

/// One of the three attributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instrument {
    Traced,
    Counted,
    Timed,
}

impl Instrument {
    pub(crate) const ALL: [Self; 3] = [Self::Traced, Self::Counted, Self::Timed];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|instrument| instrument.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Traced => "traced",
            Self::Counted => "counted",
            Self::Timed => "timed",
        }
    }
}

/// As it is written on a function, for messages.
impl fmt::Display for Instrument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#[{}]", self.name())
    }
}
