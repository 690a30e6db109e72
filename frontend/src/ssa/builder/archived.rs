//! Functions whose bodies are in the library's archive: what they mention becomes reachable, their code stays where it is
//! until something can execute it ([`crate::ssa::archived`]).

use super::super::FunctionId;
use super::super::archived::{ArchivedCode, Reference};
use super::ProgramBuilder;
use super::method_set::Implementation;
use crate::archive::{ArchivedBody, FunctionReference, Imported};

impl ProgramBuilder<'_> {
    /// Gives a function a body of the archive.
    pub(super) fn declare_archived(&mut self, body: ArchivedBody, id: FunctionId) {
        let imported = self
            .typed
            .imported
            .as_ref()
            .expect("an archived body belongs to an archive");
        let head = imported.body_head(body);
        let globals = head.globals.iter();
        let globals = globals.map(|global| (*global, self.global_for(imported.object(*global))));
        let globals = globals.collect();
        let functions = head.functions.into_iter();
        let functions = functions.map(|reference| self.resolve(imported, reference));
        let functions = functions.collect();
        for ty in &head.boxed {
            self.note_converted(imported.ty(*ty));
        }
        let interfaces: Vec<_> = head.interfaces.iter().map(|ty| imported.ty(*ty)).collect();
        self.note_types(&interfaces);
        let code = ArchivedCode {
            body,
            functions,
            globals,
        };
        self.archived.insert(id, code);
    }

    fn resolve(&mut self, imported: &Imported, reference: FunctionReference) -> Reference {
        Reference::Program(match reference {
            FunctionReference::Own(index) => return Reference::Own(index),
            FunctionReference::Declared(object) => self.function_for(imported.object(object)),
            FunctionReference::Promoted(receiver, path, implementation) => {
                let implementation = match implementation {
                    Implementation::Declared(method) => {
                        Implementation::Declared(imported.object(method))
                    }
                    Implementation::Interface(interface, index) => {
                        Implementation::Interface(imported.ty(interface), index)
                    }
                };
                self.method_function(imported.ty(receiver), &path, implementation)
            }
            FunctionReference::Bound(method) => self.bound_method(imported.object(method)),
            FunctionReference::BoundInterface(interface, index) => {
                self.bound_interface_method(imported.ty(interface), index)
            }
        })
    }
}
