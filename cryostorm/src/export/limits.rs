//! How much waits for an exporter, and how long.

use std::time::Duration;

use crate::settings::{Arguments, ExportConfig, ProcessorType, QueueFullPolicy};

/// How items are gathered into exports.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchLimits {
    /// The most items that wait.
    pub(super) capacity: usize,
    /// The most memory that waiting items take.
    pub(super) bytes: usize,
    /// What becomes of items beyond that.
    pub(super) when_full: WhenFull,
    /// The most items in one export.
    pub(super) batch_size: usize,
    /// The longest an item waits for its batch to fill; `None`: it does not wait.
    pub(super) delay: Option<Duration>,
    /// The longest an export may take.
    pub(super) timeout: Duration,
    /// The most exports under way at the same time.
    pub(super) concurrency: usize,
}

/// What becomes of an item for which there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenFull {
    DropNewest,
    DropOldest,
    /// Its thread waits, at most that long.
    Block(Duration),
}

impl BatchLimits {
    /// The most items that wait, unless set, where each is exported as soon as the exporter is free: room for a burst.
    const SIMPLE_CAPACITY: usize = 16_384;
    /// The most memory that waiting items take, unless set: four KiB for each of the most items that wait by default.
    /// Usual items are smaller, so that only large attributes and bodies meet this bound.
    const BYTES: usize = Self::SIMPLE_CAPACITY * 4096;

    /// `queue_size` is the most items that wait in batches, unless the arguments say otherwise.
    pub(crate) fn new(
        processor: ProcessorType,
        export: &ExportConfig,
        arguments: &Arguments,
        queue_size: usize,
    ) -> Self {
        let millis = Duration::from_millis;
        let (size, delay) = match processor {
            ProcessorType::Batch => (queue_size, Some(millis(export.schedule_delay_millis))),
            ProcessorType::Simple => (Self::SIMPLE_CAPACITY, None),
        };
        Self {
            capacity: arguments.max_queue_size().unwrap_or(size),
            bytes: arguments.max_queue_bytes().unwrap_or(Self::BYTES),
            when_full: match export.queue_full {
                QueueFullPolicy::DropNewest => WhenFull::DropNewest,
                QueueFullPolicy::DropOldest => WhenFull::DropOldest,
                QueueFullPolicy::Block => WhenFull::Block(millis(export.block_timeout_millis)),
            },
            batch_size: export.batch_size,
            delay,
            timeout: millis(export.timeout_millis),
            concurrency: export.max_concurrent_exports,
        }
    }

    /// For an exporter that wants each item at once, and in order.
    pub(super) fn prompt(self) -> Self {
        Self { delay: None, concurrency: 1, ..self }
    }

    /// How many waiting items are worth an export: a full batch, or half the queue so that it does not overflow meanwhile.
    pub(super) fn enough_items(&self) -> usize {
        match self.delay {
            None => 1,
            Some(_) => self.batch_size.min(self.capacity.div_ceil(2)),
        }
    }

    /// How many items a thread may hold back before it hands them over: few, but enough that the lock of the queue is
    /// seldom taken.
    pub(super) fn chunk_items(&self) -> usize {
        self.enough_items().min(64)
    }

    /// How much memory of items a thread may hold back.
    pub(super) fn chunk_bytes(&self) -> usize {
        self.enough_bytes().min(64 * 1024)
    }

    /// How much memory of waiting items is worth an export.
    pub(super) fn enough_bytes(&self) -> usize {
        self.bytes.div_ceil(2)
    }

    #[cfg(test)]
    pub(super) fn for_test(capacity: usize, bytes: usize, when_full: WhenFull) -> Self {
        let limits =
            Self::new(ProcessorType::Batch, &ExportConfig::default(), &Arguments::default(), capacity);
        Self { bytes, when_full, ..limits }
    }
}
