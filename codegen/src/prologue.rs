//! The stack check that is put before each function's code.
//!
//! Cranelift's own check can only trap, so this one is assembled by hand, and every offset Cranelift
//! reports is shifted by its size:
//!
//! ```text
//!         cmp rsp, [r15]          ; or, for frames larger than the slack:
//!                                 ; lea r11, [rsp - need]; cmp r11, [r15]
//!         jb grow
//!         (padding to 16 bytes)
//!   body: ...
//!   grow: call [r15 + 8]          ; grows the stack or yields; keeps every register
//!         jmp start               ; the check runs again
//! ```

use runtime::abi::STACK_SLACK_BYTES;

/// Alignment of functions and of their bodies.
pub(crate) const CODE_ALIGN: usize = 16;

/// Saved rbp and return address, and the return address of one call more.
const FIXED_BYTES: u64 = 24;

/// Puts the check around a function's code. `frame_bytes` is the distance from the stack pointer to
/// the frame pointer. Returns the code and how far the body was shifted.
pub(crate) fn with_stack_check(body: &[u8], frame_bytes: u32) -> (Vec<u8>, u32) {
    let need = u64::from(frame_bytes) + FIXED_BYTES;
    let mut code = Vec::with_capacity(body.len() + 48);
    if need <= STACK_SLACK_BYTES {
        code.extend([0x49, 0x3b, 0x27]);
    } else {
        code.extend([0x4c, 0x8d, 0x9c, 0x24]);
        code.extend((-(need as i32)).to_le_bytes());
        code.extend([0x4d, 0x3b, 0x1f]);
    }
    code.extend([0x0f, 0x82, 0, 0, 0, 0]);
    let branch_end = code.len();
    pad(&mut code);
    let prefix = code.len();
    code.extend_from_slice(body);
    let grow = code.len();
    code.extend([0x41, 0xff, 0x57, 0x08]);
    code.push(0xe9);
    let end = code.len() + 4;
    code.extend((-(end as i32)).to_le_bytes());
    let distance = (grow - branch_end) as i32;
    code[branch_end - 4..branch_end].copy_from_slice(&distance.to_le_bytes());
    (code, prefix as u32)
}

/// Pads to the alignment of code with long no-operations.
fn pad(code: &mut Vec<u8>) {
    const NOPS: [&[u8]; 7] = [
        &[0x90],
        &[0x66, 0x90],
        &[0x0f, 0x1f, 0x00],
        &[0x0f, 0x1f, 0x40, 0x00],
        &[0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
    ];
    while !code.len().is_multiple_of(CODE_ALIGN) {
        let missing = CODE_ALIGN - code.len() % CODE_ALIGN;
        code.extend(NOPS[missing.min(NOPS.len()) - 1]);
    }
}

#[cfg(test)]
mod tests {
    use super::with_stack_check;

    #[test]
    fn branch_and_jump_meet() {
        for frame_bytes in [16, 4096] {
            let (code, prefix) = with_stack_check(&[0xc3; 5], frame_bytes);
            assert_eq!(prefix % 16, 0);
            assert_eq!(&code[prefix as usize..prefix as usize + 5], &[0xc3; 5]);
            let branch = code
                .windows(2)
                .position(|bytes| bytes == [0x0f, 0x82])
                .expect("a branch")
                + 6;
            let distance =
                i32::from_le_bytes(code[branch - 4..branch].try_into().expect("four bytes"));
            assert_eq!(branch + distance as usize, prefix as usize + 5);
            let back = i32::from_le_bytes(code[code.len() - 4..].try_into().expect("four bytes"));
            assert_eq!(back, -(code.len() as i32));
        }
    }
}
