//! Writes what the fuzzers begin with into a folder, one folder below it for each target: `fuzz_seeds FOLDER`.

use std::path::Path;
use std::{env, fs, io};

use wxpay_tests::fuzz::TARGETS;
use wxpay_tests::seeds::seeds;

fn main() -> io::Result<()> {
    let folder = env::args()
        .nth(1)
        .unwrap_or_else(|| "target/fuzz-seeds".to_owned());
    for (target, _) in TARGETS {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        for (index, seed) in seeds(target).into_iter().enumerate() {
            fs::write(folder.join(format!("vector-{index:03}")), seed)?;
        }
    }
    Ok(())
}
