//! Serves metrics until its standard input ends, with a callback that panics.

use std::io::{self, Read as _};

use cryostorm::{Telemetry, TelemetrySettings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let telemetry = Telemetry::from_settings(TelemetrySettings::from_env()?)?;
    let meter = telemetry.meter();
    let _gauge = meter.u64_observable_gauge("panics").with_callback(|_| panic!("of the callback")).build();
    let prometheus = telemetry.prometheus().ok_or("metrics are not served")?;
    println!("port: {}", prometheus.address().ok_or("nobody listens")?.port());
    io::stdin().read_to_string(&mut String::new())?;
    telemetry.shutdown()?;
    Ok(())
}
