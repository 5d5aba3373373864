//! A generated workspace with a crate for each contender.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use tempfile::TempDir;

use crate::contender::{CONTENDERS, Contender};
use crate::cpu;

pub struct Workspace {
    root: TempDir,
}

/// What one contender cost in one round.
#[derive(Clone, Copy)]
pub struct Measured {
    /// Seconds of CPU to check it again after its source was touched.
    pub check: f64,
    /// Seconds of CPU to build it again for release.
    pub release: f64,
    /// Megabytes of its library.
    pub rlib: f64,
}

impl Workspace {
    pub fn generate() -> io::Result<Self> {
        let root = TempDir::new()?;
        let repository = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let members: Vec<_> = CONTENDERS.iter().map(|contender| format!("{:?}", contender.package)).collect();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
        fs::write(root.path().join("Cargo.toml"), manifest)?;
        for contender in &CONTENDERS {
            let package = root.path().join(contender.package);
            fs::create_dir_all(package.join("src"))?;
            let manifest = format!(
                "[package]\nname = {:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{}\n",
                contender.package,
                contender.dependency.replace("{root}", repository)
            );
            fs::write(package.join("Cargo.toml"), manifest)?;
            fs::write(package.join("src/lib.rs"), contender.source())?;
        }
        Ok(Self { root })
    }

    pub fn measure(&self, contender: &Contender) -> io::Result<Measured> {
        let check = self.build(contender, &["check"])?;
        let release = self.build(contender, &["build", "--release"])?;
        let library = format!("target/release/lib{}.rlib", contender.package.replace('-', "_"));
        let rlib = fs::metadata(self.root.path().join(library))?.len() as f64 / 1e6;
        Ok(Measured { check, release, rlib })
    }

    /// Builds a crate whose source is newer than what was built of it, and returns the seconds of CPU.
    fn build(&self, contender: &Contender, command: &[&str]) -> io::Result<f64> {
        touch(&self.root.path().join(contender.package).join("src/lib.rs"))?;
        let before = cpu::of_children()?;
        let status = Command::new("cargo")
            .args(command)
            .args(["--quiet", "--package", contender.package])
            .current_dir(self.root.path())
            .env("CARGO_TARGET_DIR", self.root.path().join("target"))
            .status()?;
        if !status.success() {
            return Err(io::Error::other(format!("{} does not build", contender.package)));
        }
        Ok((cpu::of_children()? - before).as_secs_f64())
    }
}

fn touch(path: &Path) -> io::Result<()> {
    fs::File::options().append(true).open(path)?.set_modified(SystemTime::now())
}
