//! The street plan of Bourg-sur-Chaland: every line that people walk or drive, and the railway they must not cross.

use super::ground::{Line, Point};

/// name | tags | corners x,y in metres.
const STREETS: &[&str] = &[
    // The compact centre.
    "Grand-Rue|highway=residential;sidewalk=both;lit=yes;maxspeed=30|-190,80 -130,80",
    "Grand-Rue|highway=pedestrian;surface=sett;lit=yes|-130,80 130,80",
    "Grand-Rue|highway=residential;sidewalk=both;lit=yes;maxspeed=30|130,80 190,80",
    "Place du Marché|highway=pedestrian;area=yes;surface=paving_stones|10,10 70,10 70,60 10,60 10,10",
    "|highway=footway;surface=paving_stones|0,35 10,35",
    "|highway=footway;surface=paving_stones|40,60 40,80",
    "Rue de la Halle|highway=living_street;surface=sett|0,0 0,80",
    "Rue du Chemin de Fer|highway=residential;sidewalk=both|0,80 0,180",
    "Rue des Voyageurs|highway=residential;sidewalk=right;noexit=yes|0,180 0,285",
    "Rue du Pont|highway=tertiary;sidewalk=both;lit=yes;parking:both=no|0,-165 0,0",
    "Vieux Pont|highway=tertiary;sidewalk=both;bridge=yes;layer=1|0,-235 0,-165",
    "Rue du Pont|highway=tertiary;sidewalk=both;lit=yes;parking:both=no|0,-300 0,-235",
    "Rue de l'Église|highway=residential;sidewalk=both|-100,80 -100,-80",
    "Rue du Fossé|highway=residential;sidewalk=both|-190,115 -190,-155",
    "Rue Basse|highway=residential;sidewalk=both;parking:lane:both=parallel|-190,-80 300,-80",
    "Rue de la Poste|highway=residential;sidewalk=both;parking:both=lane;parking:both:orientation=parallel;\
     parking:both:capacity=14;parking:both:fee=no;parking:both:maxstay=2 hours|130,80 130,-80",
    "Rue Neuve|highway=residential;sidewalk=both;parking:lane:left=parallel;parking:lane:right=no_parking|-60,80 -60,180",
    "Rue du Rempart|highway=residential;sidewalk=both;parking:left=lane;parking:left:orientation=parallel;\
     parking:right=no|-60,180 300,180",
    "Rue des Drapiers|highway=residential;sidewalk=both|130,80 130,180",
    "Rue du Verger|highway=residential;sidewalk=left|130,0 300,0",
    "Rue des Jardins|highway=residential;sidewalk=both;parking:both=lane;parking:both:orientation=parallel|300,-155 300,80",
    "Rue du Béguinage|highway=residential;sidewalk=both|230,80 230,180",
    "Sentier des Jardins|highway=footway;surface=compacted|275,80 275,0",
    // Steps: the decoys.
    "Escalier du Marché|highway=steps;step_count=12;handrail=yes|70,35 95,35",
    "Rampe du Marché|highway=footway;wheelchair=yes|70,35 74,26 91,26 95,35",
    "|highway=footway|95,35 130,35",
    "Degrés de la Halle|highway=steps;step_count=9;ramp=yes;ramp:wheelchair=yes|40,10 40,-20",
    "|highway=footway|40,-20 40,-80",
    // The upper town, reached by steps or the long way round.
    "Rue Saint-Roch|highway=residential;sidewalk=both|-640,40 -300,40",
    "Escalier Saint-Roch|highway=steps;step_count=96;handrail=yes;ramp=no|-300,40 -225,40",
    "Passage Saint-Roch|highway=footway|-225,40 -190,40",
    "Rue Haute|highway=residential;sidewalk=both|-640,90 -400,90",
    "Rue du Belvédère|highway=residential;sidewalk=both;parking:lane:both=parallel|-640,-10 -310,-10",
    "Rue des Carrières|highway=residential;sidewalk=both|-640,-60 -310,-60",
    "Rue du Calvaire|highway=residential|-640,90 -640,-60",
    "Rue du Panorama|highway=residential|-560,90 -560,-60",
    "Rue des Vignes|highway=residential|-480,90 -480,-60",
    "Rue du Houblon|highway=residential|-400,90 -400,-60",
    "Rue de la Falaise|highway=residential|-310,40 -310,-60",
    "Rue de la Montée|highway=tertiary;sidewalk=right|-640,-60 -700,-110 -640,-155",
    // The quays and the second bridge.
    "Quai des Bateliers|highway=tertiary;sidewalk=both|-640,-155 640,-155",
    "Quai du Halage|highway=residential;sidewalk=right|-640,-245 560,-245",
    "Pont Neuf|highway=tertiary;sidewalk=both;bridge=yes;layer=1|-450,-155 -450,-245",
    // East of the centre.
    "Avenue de l'Est|highway=secondary;sidewalk=separate;lit=yes;maxspeed=50|190,80 720,80",
    "|highway=footway;footway=sidewalk|190,80 215,88 700,88 720,80",
    "|highway=footway;footway=sidewalk|190,80 215,72 700,72 720,80",
    "|highway=footway;footway=crossing;crossing=marked|345,72 345,88",
    "|highway=footway;footway=crossing;crossing=traffic_signals|580,72 580,88",
    "Rue de la Halte|highway=residential;sidewalk=both|420,278 250,150 190,80",
    "Rue des Peupliers|highway=residential;sidewalk=both|320,140 600,140",
    "Rue des Érables|highway=residential;sidewalk=both|365,200 600,200",
    "Rue des Lilas|highway=residential;sidewalk=both|380,80 380,200",
    "Rue des Acacias|highway=residential;sidewalk=both|460,80 460,245",
    "Rue des Tilleuls|highway=residential;sidewalk=both|540,80 540,245",
    "Rue du Passage|highway=tertiary;sidewalk=both|600,80 600,390",
    "Rue de l'Abattoir|highway=unclassified;sidewalk=no|460,-155 460,-100",
    "Rue des Tanneurs|highway=residential;sidewalk=right;noexit=yes|460,-100 640,-90",
    // Beyond the railway.
    "Rue de la Gare|highway=tertiary;sidewalk=both;parking:right=lane;parking:right:orientation=perpendicular;\
     parking:left=no|-60,345 680,345",
    "|highway=footway|0,309 0,345",
    "Rue du Dépôt|highway=residential;sidewalk=both|-60,345 -60,560",
    "Rue des Cheminots|highway=residential;sidewalk=both|-300,420 680,420",
    "Rue de l'Aiguillage|highway=residential;sidewalk=both|-300,490 680,490",
    "Rue du Signal|highway=residential;sidewalk=both|-300,560 680,560",
    "Rue de la Lampisterie|highway=residential|-300,420 -300,560",
    "Rue du Ballast|highway=residential|-180,420 -180,560",
    "Rue de la Traverse|highway=residential|60,345 60,560",
    "Rue du Tender|highway=residential|180,345 180,560",
    "Rue de la Vapeur|highway=residential|300,345 300,560",
    "Rue du Sifflet|highway=residential|420,345 420,560",
    "Rue de la Barrière|highway=residential|540,345 540,560",
    "Rue du Remblai|highway=residential|660,345 660,560",
    // Across the river.
    "Boulevard de l'Esplanade|highway=tertiary;sidewalk=both;lit=yes|-640,-300 560,-300",
    "Rue du Moulin|highway=residential;sidewalk=both|0,-300 0,-510",
    "Rue des Saules|highway=residential;sidewalk=both;parking:lane:both=parallel|-640,-370 -160,-370",
    "Rue des Roseaux|highway=residential;sidewalk=both|-640,-440 520,-440",
    "Rue des Joncs|highway=residential;sidewalk=both|-640,-510 520,-510",
    "Rue du Gué|highway=residential;sidewalk=both|160,-370 520,-370",
    "Rue du Martin-Pêcheur|highway=residential|-640,-245 -640,-510",
    "Rue de la Loutre|highway=residential|-520,-245 -520,-510",
    "Rue de l'Anguille|highway=residential|-400,-245 -400,-510",
    "Rue de la Truite|highway=residential|-280,-245 -280,-510",
    "Rue du Brochet|highway=residential|-160,-245 -160,-510",
    "Rue de la Perche|highway=residential|160,-245 160,-510",
    "Rue du Gardon|highway=residential|280,-245 280,-510",
    "Rue de la Tanche|highway=residential|400,-245 400,-510",
    "Rue de la Carpe|highway=residential|520,-245 520,-510",
    // The ring road and the car park that can only be left by car.
    "Rocade|highway=trunk;motorroad=yes;foot=no;bicycle=no;maxspeed=90;sidewalk=no|-800,215 -215,215 -195,170 -190,115",
    "|highway=service;foot=no;service=driveway|-290,215 -290,232 -290,262",
    // Ways into the other car parks.
    "|highway=service;service=parking_aisle|65,-300 65,-360",
    "|highway=service;service=parking_aisle|-100,-15 -165,-15",
    "|highway=service;service=driveway|130,-45 150,-45",
    "|highway=service;service=parking_aisle|345,80 345,72 345,30",
    "|highway=service;service=parking_aisle|510,80 510,30",
    "|highway=service;service=driveway;access=private|200,-80 200,-50",
    "|highway=service;service=parking_aisle|460,245 478,262",
    // The railway: one level crossing, where Rue du Passage meets it.
    "Ligne 199|railway=rail;usage=main;electrified=contact_line;gauge=1435|-800,300 800,300",
];

/// Crossings and other marks on the lines.
pub const MARKS: &[(Point, &str)] = &[
    ((600.0, 300.0), "railway=level_crossing;crossing:barrier=full"),
    ((0.0, -10.0), "highway=crossing;crossing=marked"),
    ((0.0, -85.0), "highway=crossing;crossing=marked"),
    ((0.0, -155.0), "highway=crossing;crossing=traffic_signals"),
    ((0.0, -300.0), "highway=crossing;crossing=marked;crossing:island=yes"),
    ((345.0, 80.0), "highway=crossing;crossing=marked"),
    ((580.0, 80.0), "highway=crossing;crossing=traffic_signals"),
    ((130.0, 75.0), "highway=crossing;crossing=unmarked"),
    ((300.0, 345.0), "highway=crossing;crossing=marked"),
    ((-130.0, 80.0), "barrier=bollard"),
    ((0.0, 309.0), "railway=train_station_entrance;entrance=main;name=Gare de Bourg-sur-Chaland"),
];

/// The plan's lines.
pub fn lines() -> Vec<Line> {
    STREETS.iter().map(|text| line(text)).collect()
}

fn line(text: &str) -> Line {
    let mut parts = text.split('|');
    let mut part = || parts.next().expect("three parts");
    let (name, tags, corners) = (part(), part(), part());
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let points = corners
        .split_whitespace()
        .map(|corner| {
            let (x, y) = corner.split_once(',').expect("x,y");
            (number(x), number(y))
        })
        .collect();
    let tags = if name.is_empty() { tags.to_owned() } else { format!("name={name};{tags}") };
    Line { points, tags }
}
