//! Interfaces: method tables of concrete types for interface types.
//!
//! There is one [`Itab`] for each pair of an interface type with methods and a concrete type, so that compiled code may
//! compare their addresses. Those the code generator made begin the table; the others are made when a conversion or
//! assertion first asks for them. That a type lacks a method is remembered too.

use std::collections::HashMap;

use crate::abi::{Itab, RuntimeMethod, RuntimeType};
use crate::image::Image;
use crate::instance::Instance;

/// All itabs of a program.
#[derive(Debug, Default)]
pub struct ItabTable {
    /// By addresses of interface and concrete type; null if the latter does not implement the former.
    itabs: HashMap<(usize, usize), *const Itab>,
    /// Keeps those alive that were made here: interface, concrete type, then code addresses.
    made: Vec<Box<[*const u8]>>,
}

// SAFETY: the pointers name immutable data of the image, or of `made`.
unsafe impl Send for ItabTable {}

impl ItabTable {
    /// The table with the itabs of `image`.
    pub fn of(image: &Image) -> Self {
        let entry = |&itab: &*const Itab| {
            // SAFETY: an itab of the image.
            let known = unsafe { &*itab };
            ((known.interface.addr(), known.concrete.addr()), itab)
        };
        Self {
            itabs: image.itabs.iter().map(entry).collect(),
            made: Vec::new(),
        }
    }

    /// The itab of `concrete` for `interface`, made if need be; null if it does not implement it.
    pub fn find(&mut self, interface: &RuntimeType, concrete: &RuntimeType) -> *const Itab {
        let key = (
            (&raw const *interface).addr(),
            (&raw const *concrete).addr(),
        );
        if let Some(&itab) = self.itabs.get(&key) {
            return itab;
        }
        let itab = match build(interface, concrete) {
            Some(words) => {
                self.made.push(words);
                self.made[self.made.len() - 1].as_ptr().cast()
            }
            None => std::ptr::null(),
        };
        self.itabs.insert(key, itab);
        itab
    }
}

/// The words of an itab; `None` if a method is missing.
fn build(interface: &RuntimeType, concrete: &RuntimeType) -> Option<Box<[*const u8]>> {
    let types = [
        (&raw const *interface).cast(),
        (&raw const *concrete).cast(),
    ];
    let code = interface
        .methods
        .iter()
        .map(|wanted| Some(find_method(concrete, wanted)?.code));
    types.into_iter().map(Some).chain(code).collect()
}

/// The method of `concrete` that an interface asks for.
fn find_method<'a>(concrete: &'a RuntimeType, wanted: &RuntimeMethod) -> Option<&'a RuntimeMethod> {
    concrete.methods.iter().find(|method| {
        method.name == wanted.name
            && method.package_path == wanted.package_path
            && method.signature == wanted.signature
    })
}

/// As [`ItabTable::find`], in the table of the program.
pub fn find_itab(
    instance: &Instance,
    interface: &RuntimeType,
    concrete: &RuntimeType,
) -> *const Itab {
    instance.itabs.lock().find(interface, concrete)
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::{Itab, RuntimeType};
    use crate::goroutine::Goroutine;
    use crate::scheduler::instance_of;

    /// The itab of a dynamic type for an interface type with methods; null if a method is missing.
    ///
    /// # Safety
    /// Called by its trampoline, with types of the image.
    pub(crate) unsafe extern "sysv64" fn find_itab(
        g: *mut Goroutine,
        interface: *const RuntimeType,
        concrete: *const RuntimeType,
    ) -> *const Itab {
        // SAFETY: the trampoline passes the running goroutine, compiled code types of its image.
        let (g, interface, concrete) = unsafe { (&*g, &*interface, &*concrete) };
        super::find_itab(instance_of(g), interface, concrete)
    }
}

#[cfg(test)]
mod tests {
    use super::ItabTable;
    use crate::abi::{ITAB_METHODS, Itab, Kind, RuntimeMethod, RuntimeType};
    use crate::test_types::words;

    fn method(name: &str, signature: *const RuntimeType, code: usize) -> RuntimeMethod {
        RuntimeMethod {
            name: name.to_owned(),
            package_path: String::new(),
            signature,
            code: std::ptr::without_provenance(code),
        }
    }

    #[test]
    fn itabs_are_made_once_and_hold_the_code_in_the_interface_s_order() {
        let (signature, other) = (
            words("func()", Kind::Function, 1, &[0]),
            words("func(int)", Kind::Function, 1, &[0]),
        );
        let mut interface = words("main.I", Kind::Interface, 2, &[1]);
        interface.methods = vec![
            method("A", &raw const signature, 0),
            method("C", &raw const signature, 0),
        ];
        let mut concrete = words("main.T", Kind::Pointer, 1, &[0]);
        concrete.methods = ["A", "B", "C"]
            .iter()
            .zip(1..)
            .map(|(name, code)| method(name, &raw const signature, code * 16))
            .collect();
        let mut table = ItabTable::default();
        let itab = table.find(&interface, &concrete);
        assert_eq!(table.find(&interface, &concrete), itab);
        // SAFETY: an itab with two methods.
        let (head, code) = unsafe {
            (
                &*itab,
                itab.byte_add(ITAB_METHODS as usize)
                    .cast::<[usize; 2]>()
                    .read(),
            )
        };
        let Itab {
            interface: of,
            concrete: by,
        } = head;
        assert_eq!((*of, *by), (&raw const interface, &raw const concrete));
        assert_eq!(code, [16, 48]);

        concrete.methods[2].signature = &raw const other;
        let mut table = ItabTable::default();
        assert!(table.find(&interface, &concrete).is_null());
        assert!(table.find(&interface, &concrete).is_null());
    }
}
