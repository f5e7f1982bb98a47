//! Whose memory is this?
//!
//! A forked child has a copy of its parent's memory: with the locks that the parent's other threads held at that moment, which nobody will
//! let go, and the connections that are the parent's to use. So what must not be shared is made anew in each process. The values form a
//! list with the newest process last, and finding one takes no lock.

use std::sync::OnceLock;

/// One value for each process that this memory went through.
pub(crate) struct PerProcess<T> {
    process: u32,
    value: T,
    child: OnceLock<Box<Self>>,
}

impl<T> PerProcess<T> {
    pub(crate) fn new(fresh: impl FnOnce() -> T) -> Self {
        Self { process: std::process::id(), value: fresh(), child: OnceLock::new() }
    }

    /// This process's value; a fresh one where the last belongs to the process that this one was forked from.
    pub(crate) fn here(&self, fresh: impl FnOnce() -> T) -> &T {
        self.of(std::process::id(), fresh)
    }

    fn of(&self, process: u32, fresh: impl FnOnce() -> T) -> &T {
        let mut newest = self;
        while let Some(child) = newest.child.get() {
            newest = child;
        }
        if newest.process != process {
            // Made before it is put in: nothing that takes time happens while the cell is locked.
            let made = Box::new(Self { process, value: fresh(), child: OnceLock::new() });
            newest = newest.child.get_or_init(|| made);
        }
        &newest.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_process_has_its_own_and_keeps_it() {
        let values = PerProcess { process: 1, value: "parent", child: OnceLock::new() };
        assert_eq!(*values.of(1, || unreachable!("the parent has one")), "parent");
        assert_eq!(*values.of(2, || "child"), "child");
        assert_eq!(*values.of(2, || unreachable!("the child has one by now")), "child");
        assert_eq!(*values.of(3, || "grandchild"), "grandchild");
    }
}
