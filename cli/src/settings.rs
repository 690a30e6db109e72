//! What `MINIGODEBUG` says to the compiler; what it says to the run is `runtime::options`.
//!
//! | setting | meaning |
//! |---|---|
//! | `compiletrace=1` | a line on standard error for each stage |
//! | `passes=0` | compile naive SSA: every variable stays memory, nothing is inlined |
//! | `stackhash=none` | put nothing on stacks |
//! | `stackhash=0110` | only what hashes to these last bits, and list it on standard error |
//!
//! With the last three a program must do the same; when it does not, they find out why.

use escape::Selection;

/// The settings.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Report stages as they end.
    pub traces_stages: bool,
    /// Compile naive SSA.
    pub skips_passes: bool,
    /// What may be on stacks.
    pub selection: Selection,
}

impl Settings {
    /// The settings of the environment; what it does not mention is as ever.
    ///
    /// # Errors
    /// A text that says which setting makes no sense.
    pub fn from_environment() -> Result<Self, String> {
        Self::read(&std::env::var("MINIGODEBUG").unwrap_or_default())
    }

    fn read(text: &str) -> Result<Self, String> {
        let mut settings = Settings {
            traces_stages: false,
            skips_passes: false,
            selection: Selection::All,
        };
        for setting in text.split(',') {
            match setting.trim().split_once('=') {
                Some(("compiletrace", "1")) => settings.traces_stages = true,
                Some(("passes", "0")) => settings.skips_passes = true,
                Some(("stackhash", bits)) => {
                    settings.selection = Selection::parse(bits).ok_or_else(|| {
                        format!("MINIGODEBUG: stackhash={bits}: not all, none or binary digits")
                    })?;
                }
                _ => {}
            }
        }
        Ok(settings)
    }

    /// Whether what is on stacks is listed.
    pub fn lists_placements(&self) -> bool {
        matches!(self.selection, Selection::HashEndsIn { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_stand_between_commas_beside_those_of_the_run() {
        let settings = Settings::read("gcstress=1, passes=0,stackhash=01").expect("well-formed");
        assert!(settings.skips_passes && settings.lists_placements() && !settings.traces_stages);
        assert!(Settings::read("stackhash=2").is_err());
        assert!(!Settings::read("").expect("nothing").skips_passes);
    }
}
