//! Progress bars on stderr, where there is a terminal to draw them.

use std::io::IsTerminal;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::study::progress::Progress;

/// One line that says the step and how far it is.
pub(super) struct Bar {
    bar: ProgressBar,
    step: Mutex<String>,
}

impl Bar {
    /// A bar on stderr; hidden where stderr is no terminal or nobody wants it.
    pub fn new(quiet: bool) -> Self {
        let visible = !quiet && std::io::stderr().is_terminal();
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        Self { bar, step: Mutex::new(String::new()) }
    }

    /// Wipes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&self, name: &str, done: u64, total: u64) {
        if self.bar.is_hidden() {
            return;
        }
        let Ok(mut step) = self.step.lock() else { return };
        if *step != name {
            name.clone_into(&mut step);
            self.bar.set_message(name.replace('_', " "));
            let template = if total > 0 { "{msg:30} {bar:30} {pos}/{len} {elapsed}" } else { "{msg:30} {elapsed}" };
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            self.bar.set_style(style);
        }
        self.bar.set_length(total);
        self.bar.set_position(done);
    }
}
