//! The attributes of cryostorm.
