//! Draws the town of Bourg-sur-Chaland into data-samples/bourg.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/bourg");
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in chaland::testing::bourg::draw() {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
