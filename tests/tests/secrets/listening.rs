//! Logs that keep every line, at every level: of `tracing`, and of `log`, which rustls speaks to.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// What has been written, by whomever; its copies are one text.
#[derive(Clone, Default)]
pub(crate) struct Text(Arc<Mutex<String>>);

impl Text {
    pub(crate) fn push(&self, line: &str) {
        let mut text = self.0.lock().unwrap();
        text.push_str(line);
        text.push('\n');
    }

    pub(crate) fn get(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

/// Listens to `tracing`.
#[derive(Clone, Default)]
pub(crate) struct Traces {
    pub(crate) text: Text,
    next: Arc<AtomicU64>,
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Traces {
    fn line(&self, head: &str, visit: impl FnOnce(&mut Line<'_>)) {
        let mut line = head.to_owned();
        visit(&mut Line(&mut line));
        self.text.push(&line);
    }
}

impl Subscriber for Traces {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(span.metadata().name(), |line| span.record(line));
        Id::from_u64(self.next.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.line("recorded", |line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.line(event.metadata().target(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Listens to `log`.
#[derive(Default)]
pub(crate) struct Lines(pub(crate) Text);

impl log::Log for Lines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.0.push(&format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}
