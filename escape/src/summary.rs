//! What callers need to know of a parameter.

/// How far a parameter leaks: the least dereferences with which its value reaches the heap and each
/// result. 0 means the value itself, 1 what it points at, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParamSummary {
    /// To the heap.
    pub heap: Option<i32>,
    /// To each result.
    pub results: Vec<Option<i32>>,
    /// To where it is written through.
    pub mutator: Option<i32>,
    /// To where it is called, the results lost.
    pub callee: Option<i32>,
}

impl ParamSummary {
    /// Nothing is known: the value reaches the heap.
    pub fn unknown() -> Self {
        ParamSummary {
            heap: Some(0),
            ..ParamSummary::default()
        }
    }

    /// Drops longer ways that a way to the heap makes pointless.
    #[must_use]
    pub(crate) fn normalized(mut self) -> Self {
        if let Some(heap) = self.heap {
            let others = self.results.iter_mut();
            for result in others.chain([&mut self.mutator, &mut self.callee]) {
                if result.is_some_and(|derefs| derefs >= heap) {
                    *result = None;
                }
            }
        }
        self
    }
}
