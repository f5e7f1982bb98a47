//! How did it go?

use std::{collections::BTreeMap, fmt, path::Path};

use serde_json::{Value, json};

use crate::{
    dialogue::Dialogue,
    driver::{Driver, Failure},
    file, mutant,
    referee::play,
};

/// The outcome of all dialogues in one language.
#[derive(Debug, Default)]
pub struct Report {
    /// The language.
    pub name: String,
    /// How many files there were.
    pub dialogues: usize,
    /// How many passed.
    pub passed: usize,
    /// Those that did not.
    pub failed: Vec<Failed>,
    /// With mutants: how many changed copies failed as they must, by kind of change.
    pub mutants: Option<BTreeMap<&'static str, usize>>,
    /// With mutants: the changed copies that passed, or could not be judged.
    pub survivors: Vec<Failed>,
}

/// One dialogue that did not pass.
#[derive(Debug)]
pub struct Failed {
    /// Its file.
    pub file: String,
    /// What it proves.
    pub title: String,
    /// The move, what was expected and what came.
    pub why: String,
}

impl Report {
    /// Plays the dialogues below a place. `mutants`: how many changed copies of each are played too (0: none).
    ///
    /// # Errors
    /// A text where there are no dialogues to play.
    pub fn of(name: &str, place: &Path, driver: &mut dyn Driver, mutants: Mutants) -> Result<Self, String> {
        let files = file::files(place)?;
        if files.is_empty() {
            return Err(format!("{}: there is no dialogue", place.display()));
        }
        let mut report = Self { name: name.to_owned(), dialogues: files.len(), ..Self::default() };
        report.mutants = (mutants != Mutants::None).then(BTreeMap::new);
        for path in files {
            let file = path.display().to_string();
            let short = path.strip_prefix(place).unwrap_or(&path).display().to_string();
            match file::read(&path).and_then(|value| Ok((Dialogue::from_json(&value)?, value))) {
                Err(invalid) => report.fail(&file, "", format!("no dialogue: {invalid}")),
                Ok((dialogue, value)) => match play(&dialogue, driver) {
                    Err(failure) => report.fail(&file, &dialogue.title, failure.to_string()),
                    Ok(()) => {
                        report.passed += 1;
                        report.play_mutants(&file, &short, &value, driver, mutants);
                    }
                },
            }
        }
        Ok(report)
    }

    /// Only of a dialogue that passes: what fails already would hide that the change is not noticed.
    fn play_mutants(&mut self, file: &str, short: &str, value: &Value, driver: &mut dyn Driver, which: Mutants) {
        let mutants = match which {
            Mutants::None => return,
            Mutants::One => mutant::one(short, value).into_iter().collect(),
            Mutants::All => mutant::all(value),
        };
        if mutants.is_empty() {
            self.survive(file, "a dialogue that expects nothing has no mutant".to_owned());
        }
        for mutant in mutants {
            match Dialogue::unchecked(&mutant.dialogue).map(|dialogue| play(&dialogue, driver)) {
                Err(invalid) => self.survive(file, format!("the changed copy at {} is no dialogue: {invalid}", mutant.place)),
                Ok(Ok(())) => self.survive(file, format!("passes although {} was changed", mutant.place)),
                Ok(Err(Failure::Driver(why))) => {
                    self.survive(file, format!("changed at {}: the driver failed: {why}", mutant.place))
                }
                Ok(Err(Failure::Mismatch(_))) => {
                    if let Some(killed) = &mut self.mutants {
                        *killed.entry(mutant.kind).or_default() += 1;
                    }
                }
            }
        }
    }

    fn fail(&mut self, file: &str, title: &str, why: String) {
        self.failed.push(Failed { file: file.to_owned(), title: title.to_owned(), why });
    }

    fn survive(&mut self, file: &str, why: String) {
        self.survivors.push(Failed { file: file.to_owned(), title: String::new(), why });
    }

    /// Whether everything passed and no mutant did.
    pub fn is_good(&self) -> bool {
        self.failed.is_empty() && self.survivors.is_empty()
    }

    /// The same for machines.
    pub fn json(&self) -> Value {
        let list = |failed: &[Failed]| -> Vec<Value> {
            failed.iter().map(|one| json!({"file": one.file, "title": one.title, "why": one.why})).collect()
        };
        json!({
            "name": self.name,
            "dialogues": self.dialogues,
            "passed": self.passed,
            "failed": self.failed.len(),
            "failures": list(&self.failed),
            "mutants": self.mutants.as_ref().map(|killed| json!({
                "noticed": killed.values().sum::<usize>(),
                "by_kind": killed,
                "survived": self.survivors.len(),
                "survivors": list(&self.survivors),
            })),
        })
    }
}

/// How many changed copies of each dialogue are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutants {
    /// None.
    None,
    /// One, chosen by the file's name.
    One,
    /// Every one there is.
    All,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.failed {
            writeln!(f, "FAILED {}\n  {}\n  {}", one.file, one.title, one.why.replace('\n', "\n  "))?;
        }
        for one in &self.survivors {
            writeln!(f, "SURVIVED {}\n  {}", one.file, one.why.replace('\n', "\n  "))?;
        }
        write!(f, "{}: {} dialogues, {} passed, {} failed", self.name, self.dialogues, self.passed, self.failed.len())?;
        if let Some(killed) = &self.mutants {
            let kinds: Vec<String> = killed.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
            let noticed: usize = killed.values().sum();
            write!(f, "; mutants: {noticed} noticed ({}), {} survived", kinds.join(", "), self.survivors.len())?;
        }
        Ok(())
    }
}
