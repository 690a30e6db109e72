//! From Cranelift's form to bytes, on as many threads as it pays.
//!
//! Translation needs the tables of the program and stays on one thread; what Cranelift does with a
//! translated function depends on nothing but the function and the target, and is most of the work.
//! Functions keep their numbers, so the image does not depend on which thread was faster.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::Scope;

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{ExternalName, Function};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{Context, FinalizedRelocTarget};

use crate::link::{CompiledFunction, Relocation};
use crate::metadata::FunctionMetadata;
use crate::prologue;
use crate::symbols::{CodeKey, Symbol};

/// So many functions must wait before another thread is started: for fewer it comes too late.
const BACKLOG_PER_THREAD: usize = 6;

/// With so many waiting, whoever translates compiles instead: Cranelift's form of a function takes several times the memory of
/// ours, so there should not be more of it than keeps the threads busy.
const LONGEST_BACKLOG: usize = 8;

/// More threads would wait for the one that translates.
const MOST_THREADS: usize = 3;

/// Address space for the stack of a thread; Cranelift's recursion is bounded, but not documented.
const STACK_BYTES: usize = 64 << 20;

/// A translated function, its number and what it is the code of.
pub(crate) struct Job {
    pub(crate) number: usize,
    pub(crate) key: CodeKey,
    pub(crate) function: Box<Function>,
}

/// What became of a function; an error says what is wrong with Cranelift's form of it.
pub(crate) struct Outcome {
    pub(crate) number: usize,
    pub(crate) key: CodeKey,
    pub(crate) result: Result<CompiledFunction, String>,
}

/// Compiles one function after the other; one a thread.
pub(crate) struct Machine {
    context: Context,
    control_plane: ControlPlane,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Machine {
            context: Context::new(),
            control_plane: ControlPlane::default(),
        }
    }

    /// Compiles a function, which is emptied for the next translation.
    pub(crate) fn compile(
        &mut self,
        isa: &dyn TargetIsa,
        key: CodeKey,
        function: &mut Function,
    ) -> Result<CompiledFunction, String> {
        self.disassemble(isa, key, function, false)
            .map(|(compiled, _)| compiled)
    }

    /// As [`Self::compile`], with the instructions as text if `is_wanted`.
    pub(crate) fn disassemble(
        &mut self,
        isa: &dyn TargetIsa,
        key: CodeKey,
        function: &mut Function,
        is_wanted: bool,
    ) -> Result<(CompiledFunction, Option<String>), String> {
        std::mem::swap(&mut self.context.func, function);
        self.context.set_disasm(is_wanted);
        let result = self.run(isa, key);
        self.context.clear();
        std::mem::swap(&mut self.context.func, function);
        result
    }

    fn run(
        &mut self,
        isa: &dyn TargetIsa,
        key: CodeKey,
    ) -> Result<(CompiledFunction, Option<String>), String> {
        if let Err(error) = self.context.compile(isa, &mut self.control_plane) {
            return Err(format!("{:?}", error.inner));
        }
        let compiled = self.context.compiled_code().ok_or("no code")?;
        let buffer = &compiled.buffer;
        let frame = buffer.frame_layout().ok_or("no frame layout")?;
        let frame_bytes = frame.frame_to_fp_offset;
        let (code, prefix) = prologue::with_stack_check(buffer.data(), frame_bytes);
        let mut relocations = Vec::with_capacity(buffer.relocs().len());
        for relocation in buffer.relocs() {
            let symbol = match &relocation.target {
                FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => {
                    Symbol::from_external(&self.context.func.params.user_named_funcs()[*name])
                }
                _ => None,
            };
            let symbol = symbol.ok_or_else(|| format!("a reference to {:?}", relocation.target))?;
            let offset = relocation.offset + prefix;
            relocations.push(Relocation {
                offset,
                kind: relocation.kind,
                symbol,
                addend: relocation.addend,
            });
        }
        let metadata = FunctionMetadata::collect(compiled, prefix, frame_bytes);
        Ok((
            CompiledFunction {
                key,
                code,
                relocations,
                metadata,
            },
            compiled.vcode.clone(),
        ))
    }
}

/// The functions on their way, shared by all threads that compile.
pub(crate) struct Workshop<'i> {
    isa: &'i dyn TargetIsa,
    state: Mutex<State>,
    changed: Condvar,
    thread_limit: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    outcomes: Vec<Outcome>,
    /// Emptied functions, to be translated into.
    #[expect(clippy::vec_box, reason = "they are handed on as boxes")]
    blanks: Vec<Box<Function>>,
    threads: usize,
    is_closed: bool,
}

impl<'i> Workshop<'i> {
    pub(crate) fn new(isa: &'i dyn TargetIsa) -> Self {
        let processors = runtime::options::available_processors() as usize;
        Workshop {
            isa,
            state: Mutex::default(),
            changed: Condvar::new(),
            thread_limit: (processors - 1).min(MOST_THREADS),
        }
    }

    /// An empty function to translate into.
    pub(crate) fn blank(&self) -> Box<Function> {
        self.lock()
            .blanks
            .pop()
            .unwrap_or_else(|| Box::new(Function::new()))
    }

    /// Takes a translated function. May start a thread, or compile a function right here.
    pub(crate) fn submit<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        machine: &mut Machine,
        job: Job,
    ) {
        let mut state = self.lock();
        state.jobs.push_back(job);
        let backlog = state.jobs.len();
        let is_thread_needed = state.threads < self.thread_limit && backlog > BACKLOG_PER_THREAD;
        state.threads += usize::from(is_thread_needed);
        drop(state);
        if is_thread_needed {
            let started = std::thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, || self.work());
            if started.is_err() {
                // There is always the thread that translates.
                self.lock().threads -= 1;
            }
        } else {
            self.changed.notify_one();
        }
        if backlog > LONGEST_BACKLOG {
            self.compile_one(machine);
        }
    }

    /// Compiles what is left together with the other threads, which then end.
    pub(crate) fn finish(&self, machine: &mut Machine) {
        self.close();
        while self.compile_one(machine) {}
    }

    /// Says that nothing more comes.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// What became of the functions, in the order of their numbers; after all threads have ended.
    pub(crate) fn into_outcomes(self) -> Vec<Outcome> {
        let mut outcomes = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .outcomes;
        outcomes.sort_unstable_by_key(|outcome| outcome.number);
        outcomes
    }

    fn work(&self) {
        let mut machine = Machine::new();
        loop {
            while self.compile_one(&mut machine) {}
            let state = self.lock();
            let waited = self
                .changed
                .wait_while(state, |state| state.jobs.is_empty() && !state.is_closed);
            if waited
                .unwrap_or_else(PoisonError::into_inner)
                .jobs
                .is_empty()
            {
                return;
            }
        }
    }

    fn compile_one(&self, machine: &mut Machine) -> bool {
        let Some(Job {
            number,
            key,
            mut function,
        }) = self.lock().jobs.pop_front()
        else {
            return false;
        };
        let result = machine.compile(self.isa, key, &mut function);
        let mut state = self.lock();
        state.outcomes.push(Outcome {
            number,
            key,
            result,
        });
        state.blanks.push(function);
        true
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
