//! What came of it?

use std::process::ExitCode;

/// Counts of checks that held and of those that did not.
#[derive(Default)]
pub(crate) struct Report {
    passed: u32,
    failed: u32,
}

impl Report {
    pub(crate) fn check(&mut self, held: bool, what: impl FnOnce() -> String) {
        if held {
            self.passed += 1;
        } else {
            self.failed += 1;
            println!("FAILED  {}", what());
        }
    }

    pub(crate) fn say(&self, line: &str) {
        println!("{line}");
    }

    pub(crate) fn end(&self) -> ExitCode {
        println!("fleet: {} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
