//! `minigo run file.mg` and `minigo build -m file.mg`.

fn main() -> std::process::ExitCode {
    cli::main()
}
