//! What was measured: a sample for each row, cell and round.

use std::io;

use crate::callgrind;
use crate::contender::Contender;
use crate::host;
use crate::measure::Measured;
use crate::process;
use crate::row::Row;
use crate::statistics::Spread;

/// A contender on so many threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub contender: Contender,
    pub threads: usize,
}

impl Cell {
    pub const fn of(contender: Contender, threads: usize) -> Self {
        Self { contender, threads }
    }
}

/// One of the figures of a call.
pub type Figure = fn(&Measured) -> f64;

pub struct Samples {
    pub cell: Cell,
    /// In the order of the rounds.
    pub rounds: Vec<Measured>,
    /// Instructions of a call, where they were counted.
    pub instructions: Option<f64>,
}

impl Samples {
    pub fn spread(&self, figure: Figure) -> Spread {
        Spread::of(self.rounds.iter().map(figure))
    }

    pub fn lost(&self) -> i64 {
        self.rounds.iter().map(|round| round.lost).sum()
    }
}

pub struct Measurement {
    pub row: Row,
    pub cells: Vec<Samples>,
    /// Rounds that were measured again. Where these are as many as those that count, some of those were disturbed too.
    pub disturbed: usize,
}

impl Measurement {
    /// Each round measures every cell once; each begins with another. One that the host disturbed is measured again, as
    /// many of them as there are rounds.
    pub fn take(row: Row, rounds: usize, callgrind: bool) -> io::Result<Self> {
        let contenders = row.contenders().iter();
        let cells: Vec<Cell> = contenders
            .flat_map(|contender| row.threads().iter().map(|threads| Cell::of(*contender, *threads)))
            .collect();
        let mut samples: Vec<Samples> = cells
            .into_iter()
            .map(|cell| Samples { cell, rounds: Vec::with_capacity(rounds), instructions: None })
            .collect();
        let mut disturbed = 0;
        for round in 0..rounds {
            let measured = loop {
                let (measured, is_undisturbed) = host::watched(|| measure(row, &samples, round));
                let measured = measured?;
                if is_undisturbed || disturbed == rounds {
                    break measured;
                }
                disturbed += 1;
            };
            samples.iter_mut().zip(measured).for_each(|(samples, measured)| samples.rounds.push(measured));
        }
        if callgrind && row.threads() == [1] {
            for samples in &mut samples {
                samples.instructions = Some(callgrind::instructions(row, samples.cell)?);
            }
        }
        Ok(Self { row, cells: samples, disturbed })
    }

    pub fn cell(&self, cell: Cell) -> Option<&Samples> {
        self.cells.iter().find(|samples| samples.cell == cell)
    }

    /// The ratio of the instructions of two cells, where they were counted.
    pub fn instructions(&self, ours: Cell, peer: Cell, over_plain: bool) -> Option<f64> {
        let of = |cell| self.cell(cell)?.instructions;
        let plain = if over_plain { of(Cell::of(Contender::Plain, ours.threads))? } else { 0.0 };
        Some((of(ours)? - plain) / (of(peer)? - plain))
    }

    /// The ratio of two cells in each round; over the plain call, where that is asked for.
    pub fn ratio(&self, ours: Cell, peer: Cell, over_plain: bool, figure: Figure) -> Option<Spread> {
        let (ours, peer) = (self.cell(ours)?, self.cell(peer)?);
        let plain = match over_plain {
            true => Some(self.cell(Cell::of(Contender::Plain, ours.cell.threads))?),
            false => None,
        };
        let ratios = ours.rounds.iter().zip(&peer.rounds).enumerate().map(|(round, (ours, peer))| {
            let plain = plain.and_then(|plain| plain.rounds.get(round)).map_or(0.0, figure);
            (figure(ours) - plain) / (figure(peer) - plain)
        });
        Some(Spread::of(ratios))
    }
}

/// Measures every cell once, in the order of the cells.
fn measure(row: Row, samples: &[Samples], round: usize) -> io::Result<Vec<Measured>> {
    let mut order: Vec<usize> = (0..samples.len()).collect();
    order.rotate_left(round % samples.len());
    let mut measured = order
        .into_iter()
        .map(|index| Ok((index, process::measure(row, samples[index].cell)?)))
        .collect::<io::Result<Vec<_>>>()?;
    measured.sort_unstable_by_key(|(index, _)| *index);
    Ok(measured.into_iter().map(|(_, measured)| measured).collect())
}
