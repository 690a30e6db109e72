//! The command under test: `minigo`, built with the tests so that they find it.

fn main() -> std::process::ExitCode {
    cli::main()
}
