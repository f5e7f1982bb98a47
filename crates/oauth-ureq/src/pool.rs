//! Whose connections are these?
//!
//! A TLS connection used on both sides of a fork corrupts both, so each process has a pool of its own. The pools of one agent form a list
//! with the newest process last: no lock that another thread could have held at the moment of the fork stands in the child's way.

use std::sync::OnceLock;

/// One ureq agent for each process that this memory went through.
pub(crate) struct Pool {
    process: u32,
    agent: Option<ureq::Agent>,
    /// The pool of a child of `process`.
    child: OnceLock<Box<Pool>>,
}

impl Pool {
    pub(crate) fn new(agent: ureq::Agent) -> Self {
        Self::of(std::process::id(), agent)
    }

    fn of(process: u32, agent: ureq::Agent) -> Self {
        Self { process, agent: Some(agent), child: OnceLock::new() }
    }

    /// This process's agent; a new one where the last belongs to the process this one was forked from.
    pub(crate) fn agent(&self, fresh: impl FnOnce() -> ureq::Agent) -> &ureq::Agent {
        self.agent_of(std::process::id(), fresh)
    }

    fn agent_of(&self, process: u32, fresh: impl FnOnce() -> ureq::Agent) -> &ureq::Agent {
        let mut newest = self;
        while let Some(child) = newest.child.get() {
            newest = child;
        }
        if newest.process != process {
            // Built before it is put in: nothing that takes time happens while the cell is locked.
            let pool = Box::new(Self::of(process, fresh()));
            newest = newest.child.get_or_init(|| pool);
        }
        newest.agent.as_ref().expect("an agent is taken out by drop only")
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // The parent's connections: closing them properly would speak on its behalf, so they are left alone.
            std::mem::forget(self.agent.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> ureq::Agent {
        ureq::Agent::config_builder().proxy(None).build().new_agent()
    }

    #[test]
    fn a_forked_child_has_its_own_agent_and_keeps_it() {
        let pool = Pool::of(1, fresh());
        let parent: *const ureq::Agent = pool.agent_of(1, || unreachable!("the parent has one"));
        let child: *const ureq::Agent = pool.agent_of(2, fresh);
        assert_ne!(parent, child);
        assert_eq!(child, pool.agent_of(2, || unreachable!("the child has one by now")) as *const _);
        let grandchild: *const ureq::Agent = pool.agent_of(3, fresh);
        assert_ne!(child, grandchild);
    }

    #[test]
    fn the_parents_agent_is_left_alone_in_the_child() {
        // As many strong counts before as after: the agent of another process was not dropped, that of this process was.
        let (theirs, ours) = (std::sync::Arc::new(()), std::sync::Arc::new(()));
        for (process, witness, kept) in [(1, &theirs, 2), (std::process::id(), &ours, 1)] {
            drop(Pool::of(process, watched(witness.clone())));
            assert_eq!(std::sync::Arc::strong_count(witness), kept);
        }
    }

    fn watched(witness: std::sync::Arc<()>) -> ureq::Agent {
        #[derive(Debug)]
        struct Watched {
            _witness: std::sync::Arc<()>,
        }
        impl ureq::unversioned::resolver::Resolver for Watched {
            fn resolve(
                &self,
                _: &http::Uri,
                _: &ureq::config::Config,
                _: ureq::unversioned::transport::NextTimeout,
            ) -> Result<ureq::unversioned::resolver::ResolvedSocketAddrs, ureq::Error> {
                Err(ureq::Error::HostNotFound)
            }
        }
        let config = ureq::config::Config::builder().proxy(None).build();
        ureq::Agent::with_parts(config, ureq::unversioned::transport::DefaultConnector::new(), Watched { _witness: witness })
    }
}
