#[traced(attributes(channel = "web", retry = true, shard = -3, share = 0.5), if = enabled)]
#[counted(attributes(shard = 0xFF, initial = 'a', id = 7u8))]
#[timed(attributes(first = false), in_flight)]
fn charge(enabled: bool) {}
