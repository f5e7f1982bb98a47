//! Where does a fuzzer begin? Writes the seeds of every target into `fuzz/corpus/`, out of the dialogues.

use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut dialogues = Vec::new();
    for folder in fs::read_dir(here.join("../../tests/dialogues"))? {
        for file in fs::read_dir(folder?.path())? {
            dialogues.push(serde_json::from_slice(&fs::read(file?.path())?)?);
        }
    }
    for (name, _) in hostile::PROPERTIES {
        let corpus = here.join("../../fuzz/corpus").join(name);
        fs::create_dir_all(&corpus)?;
        for (number, seed) in hostile::seeds(name, &dialogues).iter().enumerate() {
            fs::write(corpus.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
