//! Every element of the samples, as we read it and as the `osmpbf` crate does.

use std::path::Path;

use osmpbf::{BlobDecode, BlobReader, RelMemberType};

use super::blobs::{BlobKind, split_blobs};
use super::block::{Block, Element};
use super::content::PackedPosition;

type Told = (char, i64, Vec<i64>, Vec<(String, String)>);

fn told_by_us(path: &Path) -> Vec<Told> {
    let bytes = std::fs::read(path).expect("the sample is there");
    let mut told = Vec::new();
    for blob in split_blobs(&bytes, "sample").expect("blobs").iter().filter(|blob| blob.kind == BlobKind::Data) {
        let content = blob.unpack().expect("whole");
        let block = Block::read(&content).expect("a block");
        let text = |number: u64| String::from_utf8_lossy(block.texts[number as usize]).into_owned();
        let place = |position: Option<PackedPosition>| position.map_or(vec![], |at| vec![at.lon.into(), at.lat.into()]);
        let read = block.for_each(|element| {
            let (kind, id, numbers, mut tags) = match element {
                Element::Node(node) => ('n', node.id, place(node.position), node.tags),
                Element::Nodes(mut nodes) => {
                    while let Some((id, position)) = nodes.read_node()? {
                        let mut pairs = Vec::new();
                        while let Some((key, value)) = nodes.read_tag()? {
                            pairs.push((text(key), text(value)));
                        }
                        told.push(('n', id, place(position), pairs));
                    }
                    return Ok(());
                }
                Element::Way(mut way) => {
                    let (mut refs, mut last) = (Vec::new(), 0);
                    while let Some(step) = way.steps.read_signed()? {
                        last += step;
                        refs.push(last);
                    }
                    ('w', way.id, refs, way.tags)
                }
                Element::Relation(mut relation) => {
                    let mut members = Vec::new();
                    while let Some(member) = relation.members.read()? {
                        members.extend([member.kind as i64, member.id, member.role as i64]);
                    }
                    ('r', relation.id, members, relation.tags)
                }
            };
            let mut pairs = Vec::new();
            while let Some((key, value)) = tags.read()? {
                pairs.push((text(key), text(value)));
            }
            told.push((kind, id, numbers, pairs));
            Ok(())
        });
        read.expect("whole");
    }
    told
}

fn told_by_osmpbf(path: &Path) -> Vec<Told> {
    let mut told = Vec::new();
    let place = |lon: i64, lat: i64| vec![lon.div_euclid(100), lat.div_euclid(100)];
    let pairs = |tags: &mut dyn Iterator<Item = (&str, &str)>| -> Vec<(String, String)> {
        tags.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    };
    for blob in BlobReader::from_path(path).expect("the sample is there") {
        let Ok(BlobDecode::OsmData(block)) = blob.expect("a blob").decode() else { continue };
        for group in block.groups() {
            for node in group.nodes() {
                told.push(('n', node.id(), place(node.nano_lon(), node.nano_lat()), pairs(&mut node.tags())));
            }
            for node in group.dense_nodes() {
                told.push(('n', node.id(), place(node.nano_lon(), node.nano_lat()), pairs(&mut node.tags())));
            }
            for way in group.ways() {
                told.push(('w', way.id(), way.refs().collect(), pairs(&mut way.tags())));
            }
            for relation in group.relations() {
                let kind = |kind| match kind {
                    RelMemberType::Node => 0,
                    RelMemberType::Way => 1,
                    RelMemberType::Relation => 2,
                };
                let members = relation.members().flat_map(|m| [kind(m.member_type), m.member_id, m.role_sid.into()]);
                told.push(('r', relation.id(), members.collect(), pairs(&mut relation.tags())));
            }
        }
    }
    told
}

#[test]
fn every_element_of_the_samples_is_what_osmpbf_says() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    for name in ["dublin/dublin_city_2025-05.osm.pbf", "liege/liege_streets.osm.pbf", "bourg/bourg.osm.pbf"] {
        let path = samples.join(name);
        let (ours, theirs) = (told_by_us(&path), told_by_osmpbf(&path));
        assert_eq!(ours.len(), theirs.len(), "{name}");
        assert!(!ours.is_empty());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{name}");
        }
    }
}
