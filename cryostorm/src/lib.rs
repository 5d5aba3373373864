//! cryostorm
