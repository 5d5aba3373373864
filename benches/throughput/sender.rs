//! This end: one contender under one load, in a process of its own.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::contender::{Contender, Running, SPANS};
use crate::cpu;
use crate::receiver::Receiver;

/// How long spans are made.
const TIME: Duration = Duration::from_secs(2);
/// How often a paced thread makes some.
const TICK: Duration = Duration::from_millis(1);
/// What a thread that was kept from working makes up for, no more: the rate that counts is the one it reached.
const MAKE_UP: Duration = Duration::from_millis(5);
/// Done before anything is measured: the connection is made, and everything has run once.
const WARM_UP: u64 = 64;

#[derive(Clone, Copy)]
pub struct Load {
    /// Spans per second, of all threads together. `None`: as fast as they can.
    pub rate: Option<f64>,
    pub threads: u32,
}

/// What became of one load. The spans of the warm-up are not among them.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Spans that were made.
    pub made: u64,
    /// Those that arrived, all that they should have with them.
    pub arrived: u64,
    /// Those that were lost, as the contender says.
    pub said_lost: i64,
    /// Seconds in which spans were made.
    pub making: f64,
    /// Seconds until the last one was exported.
    pub all: f64,
    /// Seconds of CPU, from the first span to the end of the shutdown.
    pub cpu: f64,
    /// Seconds of CPU of the receiver.
    pub receiver_cpu: f64,
}

impl Outcome {
    pub fn is_complete(&self) -> bool {
        self.arrived == self.made
    }

    pub fn lost(&self) -> u64 {
        self.made - self.arrived
    }

    /// Spans that were lost without a word. Below zero: those that arrived though they were said to be lost.
    pub fn unsaid(&self) -> i64 {
        self.lost() as i64 - self.said_lost
    }

    /// Spans that were made in a second.
    pub fn made_rate(&self) -> f64 {
        self.made as f64 / self.making
    }

    /// Spans that arrived in a second.
    pub fn arrived_rate(&self) -> f64 {
        self.arrived as f64 / self.all
    }

    /// Nanoseconds of CPU per span that arrived; of all that were made where nothing is sent.
    pub fn cpu_per_span(&self) -> f64 {
        let spans = if self.arrived == 0 { self.made } else { self.arrived };
        self.cpu * 1e9 / spans as f64
    }

    pub fn receiver_cpu_per_span(&self) -> f64 {
        self.receiver_cpu * 1e9 / self.arrived.max(1) as f64
    }

    pub fn json(&self) -> Value {
        json!({
            "made": self.made,
            "arrived": self.arrived,
            "said_lost": self.said_lost,
            "made_per_second": self.made_rate(),
            "arrived_per_second": self.arrived_rate(),
            "cpu_ns_per_span": self.cpu_per_span(),
            "receiver_cpu_ns_per_span": self.receiver_cpu_per_span(),
        })
    }
}

/// Puts a load on a contender, in a process of its own that sends to another.
pub fn run(contender: Contender, load: Load) -> std::io::Result<Outcome> {
    let receiver = Receiver::start(contender.attributes())?;
    let rate = load.rate.unwrap_or_default().to_string();
    let sent =
        child(&["send", contender.name(), &receiver.port.to_string(), &rate, &load.threads.to_string()])?;
    let received = receiver.finish()?;
    assert_eq!(received.incomplete, 0, "what arrives is all there");
    let number = |key: &str| sent[key].as_f64().expect("a number");
    let made = number("made") as u64;
    let said_lost = number("said_lost") as i64;
    let warm_up = if contender == Contender::Nothing { 0 } else { WARM_UP * SPANS };
    Ok(Outcome {
        made,
        arrived: received.spans - warm_up,
        said_lost,
        making: number("making"),
        all: number("all"),
        cpu: number("cpu"),
        receiver_cpu: received.cpu,
    })
}

/// The anonymous memory that a full queue takes, bytes per span of its limit.
pub fn queue_memory(contender: Contender) -> std::io::Result<f64> {
    // Connections are taken in, by the system, and nobody ever answers.
    let silence = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = silence.local_addr()?.port().to_string();
    let held = child(&["hold", contender.name(), &port])?;
    Ok(held["bytes"].as_f64().expect("a number") / contender.queue() as f64)
}

fn child(arguments: &[&str]) -> std::io::Result<Value> {
    // Nothing of the environment may set up the SDK.
    let output = Command::new(std::env::current_exe()?).args(arguments).env_clear().output()?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The sender's process.
pub fn send(contender: Contender, port: u16, load: Load) {
    let running = contender.start(port);
    for id in 0..WARM_UP as i64 {
        running.work(id);
    }
    running.flush();
    let (started, cpu) = (Instant::now(), cpu::of_process());
    let works: u64 = thread::scope(|scope| {
        let threads: Vec<_> = (0..load.threads).map(|_| scope.spawn(|| make(&running, load))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it ends")).sum()
    });
    let making = started.elapsed();
    let (made, warm_up) = (works * SPANS, WARM_UP * SPANS);
    let said = running.shutdown();
    let report = json!({
        "made": made,
        "said_lost": (warm_up + made) as i64 - said as i64,
        "making": making.as_secs_f64(),
        "all": started.elapsed().as_secs_f64(),
        "cpu": (cpu::of_process() - cpu).as_secs_f64(),
    });
    println!("{report}");
}

/// One thread's part of a load. Returns how often it did its work.
fn make(running: &Running, load: Load) -> u64 {
    let started = Instant::now();
    let mut done = 0;
    let Some(rate) = load.rate else {
        while started.elapsed() < TIME {
            (0..100).for_each(|id| running.work(id));
            done += 100;
        }
        return done;
    };
    let rate = rate / f64::from(load.threads) / SPANS as f64;
    let mut owed = 0.0;
    let (mut before, mut next) = (started, started);
    while before.duration_since(started) < TIME {
        next = before.max(next + TICK);
        thread::sleep(next.saturating_duration_since(Instant::now()));
        let now = Instant::now();
        owed += rate * now.duration_since(before).min(MAKE_UP).as_secs_f64();
        before = now;
        while owed >= 1.0 {
            running.work(done as i64);
            done += 1;
            owed -= 1.0;
        }
    }
    done
}

/// The process whose queue fills up.
pub fn hold(contender: Contender, port: u16) {
    let before = anonymous_memory();
    let running = contender.start(port);
    for id in 0..2 * contender.queue() as i64 / SPANS as i64 {
        running.work(id);
    }
    println!("{}", json!({ "bytes": anonymous_memory() - before }));
    // Not shut down: that would wait for somebody who never answers.
    std::process::exit(0);
}

/// Bytes of memory that belong to no file.
fn anonymous_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("it is there on Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a line of it");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}
