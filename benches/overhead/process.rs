//! A measuring process, seen from the one that asks it. What a contender installs is global, so each has a process of its
//! own, and waits in it while others are measured.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::measure::Measured;
use crate::row::Row;
use crate::table::Cell;

pub struct Process {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Process {
    pub fn start(row: Row, cell: Cell) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--measure", row.name(), cell.contender.name(), &cell.threads.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (questions, answers) =
            pipes.ok_or_else(|| io::Error::other("no pipes to a measuring process"))?;
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    pub fn measure(&mut self) -> io::Result<Measured> {
        writeln!(self.questions, "measure")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    pub fn end(mut self) -> io::Result<()> {
        drop(self.questions);
        match self.child.wait()? {
            status if status.success() => Ok(()),
            status => Err(io::Error::other(format!("a measuring process ended with {status}"))),
        }
    }
}
