//! Who holds the program's own callables, so that Python's garbage collector sees it?
//!
//! What the core calls (a signer, a session's hooks) may hold the client or session that it is called by. The core refers to it weakly. Each object that
//! Python sees and from which it may be called holds it, and tells the collector so: a cycle through it is collected like any other.

use std::sync::{Mutex, PoisonError, TryLockError};

use pyo3::{
    PyTraverseError, PyVisit,
    call::PyCallArgs,
    exceptions::PyReferenceError,
    prelude::*,
    types::{PyWeakrefMethods, PyWeakrefReference},
};

/// A callable of the program's. Not exported: nobody but the collector meets it.
#[pyclass(frozen, weakref, module = "active_oauth")]
pub(crate) struct Callable(Mutex<Option<Py<PyAny>>>);

#[pymethods]
impl Callable {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.0.try_lock() {
            Ok(function) => visit.call(&*function),
            Err(TryLockError::Poisoned(function)) => visit.call(&*function.into_inner()),
            // Somebody is about to call it, so nobody may collect it.
            Err(TryLockError::WouldBlock) => Ok(()),
        }
    }

    /// Each cycle goes through here, so this is where it is broken.
    fn __clear__(&self) {
        let function = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(function);
    }
}

/// What an object holds for what it may call.
#[derive(Default)]
pub(crate) struct Held(Vec<Py<Callable>>);

impl Held {
    /// Holds one more, and gives the core's weak reference to it.
    pub(crate) fn hold(&mut self, function: &Bound<'_, PyAny>) -> PyResult<Weak> {
        let callable = Bound::new(function.py(), Callable(Mutex::new(Some(function.clone().unbind()))))?;
        let weak = PyWeakrefReference::new(&callable)?.unbind();
        self.0.push(callable.unbind());
        Ok(Weak(weak))
    }

    /// Holds the same for itself: the collector counts who holds what.
    pub(crate) fn another(&self) -> Self {
        if self.0.is_empty() {
            return Self::default();
        }
        Python::attach(|py| Self(self.0.iter().map(|callable| callable.clone_ref(py)).collect()))
    }

    pub(crate) fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    pub(crate) fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.iter().try_for_each(|callable| visit.call(callable))
    }
}

/// The core's reference to a callable.
pub(crate) struct Weak(Py<PyWeakrefReference>);

impl Weak {
    /// Calls it, where anybody still holds it.
    pub(crate) fn call1<'py>(&self, py: Python<'py>, arguments: impl PyCallArgs<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.function(py)?.call1(arguments)
    }

    pub(crate) fn function<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let callable = self.0.bind(py).upgrade_as::<Callable>()?;
        let function = callable.and_then(|callable| {
            let function = callable.get().0.lock().unwrap_or_else(PoisonError::into_inner);
            function.as_ref().map(|function| function.bind(py).clone())
        });
        function.ok_or_else(|| PyReferenceError::new_err("what it belongs to is gone"))
    }
}
