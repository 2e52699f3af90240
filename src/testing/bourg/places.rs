//! Shops, public buildings, stops, river and boundary of the town.

use super::ground::{Ground, Point};

/// Opening hours of most shops: they close at 18:30.
const USUAL_HOURS: &str = "Mo-Sa 09:00-18:30";

/// Shops of Grand-Rue from west to east, one every 14 m, odd ones on the north side: tag | name | hours.
const GRAND_RUE: &[&str] = &[
    "shop=bakery|Boulangerie Delvaux|Mo-Sa 07:00-18:30; Su 07:00-13:00",
    "shop=clothes|Au Fil du Chaland|",
    "shop=butcher|Boucherie Lambert|Tu-Sa 08:00-18:30",
    "amenity=pharmacy|Pharmacie de la Halle|",
    "shop=shoes|Chaussures Mathot|",
    "shop=books|Librairie du Bateau|",
    "amenity=bank|Crédit du Chaland|Mo-Fr 09:00-16:30",
    "shop=hairdresser|Coiffure Céline|Tu-Sa 09:00-18:00",
    "shop=optician|Optique Renard|",
    "shop=vacant||",
    "shop=jewelry|Bijouterie Massart|",
    "shop=florist|Fleurs des Quais|Mo-Sa 09:00-18:30; Su 09:00-12:30",
    "shop=clothes|Mode Adèle|",
    "shop=chocolate|Chocolaterie Noirhomme|",
    "amenity=cafe|Café de la Place|Mo-Su 08:00-20:00",
    "shop=newsagent|Presse du Centre|Mo-Sa 06:30-18:30",
    "shop=cheese|La Crémerie|",
    "shop=gift|L'Escale|",
    "shop=toys|Le Petit Mousse|",
    "shop=convenience|Épicerie du Coin|Mo-Sa 08:00-20:00",
    "shop=clothes|Boutique Lou|",
    "shop=vacant||",
    "amenity=restaurant|La Péniche|We-Su 12:00-14:30,18:30-22:00",
    "shop=electronics|Électro Warnant|",
    "shop=perfumery|Parfumerie Iris|",
    "shop=houseware|Maison Collard|",
    "shop=travel_agency|Voyages Meuse|Mo-Fr 09:30-18:00",
    "shop=beauty|Institut Lotus|",
    "shop=wine|Cave Saint-Martin|Tu-Sa 10:00-18:30",
    "shop=stationery|Papeterie Henrard|",
    "shop=sports|Sport 2000 Bourg|",
    "shop=mobile_phone|Mobile Bourg|",
    "shop=furniture|Meubles Jadot|",
    "shop=dry_cleaning|Pressing Net|",
];

/// Shops elsewhere: x,y | tag | name | hours. The last six are those that nobody passes.
const SHOPS: &[&str] = &[
    "7,20|shop=greengrocer|Primeurs de la Halle|",
    "-7,30|amenity=cafe|Le Marronnier|Mo-Su 09:00-22:00",
    "-7,55|shop=deli|Traiteur Gillain|",
    "75,50|amenity=restaurant|Brasserie du Marché|Mo-Su 11:00-22:00",
    "25,65|amenity=bar|Le Bollard|Mo-Su 10:00-24:00",
    "-93,60|shop=second_hand|La Brocante|We-Sa 10:00-18:00",
    "-107,45|shop=vacant||",
    "137,55|amenity=post_office|Bureau de poste|Mo-Fr 09:00-17:30; Sa 09:00-12:30",
    "123,40|shop=vacant||",
    "137,25|shop=laundry|Lavoir de la Poste|Mo-Su 07:00-21:00",
    "525,35|shop=supermarket|Super Bourg|Mo-Sa 08:30-20:00",
    "7,-325|shop=kiosk|Kiosque de l'Esplanade|Mo-Fr 06:30-17:00",
    "180,353|shop=bakery|Boulangerie des Cheminots|Tu-Su 07:00-17:00",
    "520,-101|shop=hardware|Quincaillerie des Tanneurs|",
    "541,-87|shop=fabric|Tissus du Bief|",
    "560,-99|shop=bicycle|Cycles Hubin|",
    "580,-85|shop=art|Galerie de la Tannerie|",
    "600,-97|shop=leather|Maroquinerie Piron|",
    "620,-83|shop=vacant||",
    "630,-95|shop=frame|Encadrements Doyen|",
];

/// Public buildings: x,y | width,depth | tags.
const BUILDINGS: &[&str] = &[
    "-130,40|22,40|building=church;amenity=place_of_worship;religion=christian;name=Église Saint-Martin",
    "88,50|18,14|building=townhall;amenity=townhall;name=Hôtel de ville",
    "-150,-60|26,20|building=school;amenity=school;name=École communale du Fossé",
    "-75,-140|24,14|building=yes;tourism=museum;name=Musée de la Batellerie;opening_hours=Tu-Su 10:00-17:00",
    "160,30|20,14|building=yes;amenity=library;name=Bibliothèque;opening_hours=Tu-Sa 10:00-18:00",
    "0,325|50,14|building=train_station;name=Gare de Bourg-sur-Chaland",
    "525,35|40,34|building=retail",
    "-25,-110|44,80|building=monastery;name=Couvent des Ursulines",
    "26,-110|40,80|building=monastery;name=Jardin clos des Ursulines",
    "540,-130|90,30|building=industrial;name=Ancienne tannerie",
];

/// Single points: x,y | tags.
const POINTS: &[&str] = &[
    "40,35|amenity=marketplace;name=Marché du samedi;opening_hours=Sa 08:00-13:00",
    "-35,-322|amenity=bus_station;name=Gare routière de l'Esplanade",
    "10,-318|amenity=parcel_locker;name=Consigne de l'Esplanade;operator=bpost",
    "128,20|amenity=parcel_locker;name=Consigne de la Poste;operator=bpost",
    "0,304|railway=station;public_transport=station;name=Bourg-sur-Chaland",
    "420,296|railway=halt;public_transport=station;name=Bourg-Est",
    "-3,40|highway=bus_stop;public_transport=platform;bus=yes;name=Halle",
    "-25,-296|highway=bus_stop;public_transport=platform;bus=yes;name=Esplanade",
    "160,84|highway=bus_stop;public_transport=platform;bus=yes;name=Drapiers",
    "400,84|highway=bus_stop;public_transport=platform;bus=yes;name=Lilas",
    "590,150|highway=bus_stop;public_transport=platform;bus=yes;name=Passage",
    "560,349|highway=bus_stop;public_transport=platform;bus=yes;name=Barrière",
    "60,416|highway=bus_stop;public_transport=platform;bus=yes;name=Traverse",
    "-440,-304|highway=bus_stop;public_transport=platform;bus=yes;name=Pont Neuf",
    "-280,-436|highway=bus_stop;public_transport=platform;bus=yes;name=Roseaux",
    "280,-436|highway=bus_stop;public_transport=platform;bus=yes;name=Gardon",
    "-480,-6|highway=bus_stop;public_transport=platform;bus=yes;name=Belvédère",
    "-560,44|highway=bus_stop;public_transport=platform;bus=yes;name=Panorama",
    "-300,-151|highway=bus_stop;public_transport=platform;bus=yes;name=Bateliers",
];

/// Draws all of them.
pub fn draw(ground: &mut Ground) {
    for (number, shop) in GRAND_RUE.iter().enumerate() {
        let x = -175.0 + 10.5 * number as f64;
        let y = if number % 2 == 0 { 86.0 } else { 74.0 };
        let mut parts = shop.split('|');
        let mut part = || parts.next().unwrap_or_default();
        shop_node(ground, (x, y), "Grand-Rue", [part(), part(), part()]);
    }
    for shop in SHOPS {
        let mut parts = shop.split('|');
        let mut part = || parts.next().unwrap_or_default();
        shop_node(ground, point(part()), "", [part(), part(), part()]);
    }
    for building in BUILDINGS {
        let mut parts = building.split('|');
        let mut part = || parts.next().expect("three parts");
        ground.rectangle(point(part()), point(part()), part());
    }
    for single in POINTS {
        let (at, tags) = single.split_once('|').expect("two parts");
        ground.node(point(at), tags);
    }
    river_and_boundary(ground);
}

fn shop_node(ground: &mut Ground, at: Point, street: &str, [tag, name, hours]: [&str; 3]) {
    let mut tags = tag.to_owned();
    if !name.is_empty() {
        let hours = if hours.is_empty() { USUAL_HOURS } else { hours };
        // The tag separator of the plan stands for itself in opening hours.
        tags.push_str(&format!(";name={name};opening_hours={}", hours.replace(';', ",")));
    }
    if !street.is_empty() {
        tags.push_str(&format!(";addr:street={street}"));
    }
    ground.node(at, &tags);
}

/// Reads `x,y`.
pub fn point(text: &str) -> Point {
    let (x, y) = text.split_once(',').expect("x,y");
    (x.parse().expect("a number"), y.parse().expect("a number"))
}

fn river_and_boundary(ground: &mut Ground) {
    let course: Vec<Point> = (-9..=9).map(|k| (f64::from(k) * 90.0, -200.0)).collect();
    let banks = course.iter().map(|&(x, y)| (x, y + 20.0)).chain(course.iter().rev().map(|&(x, y)| (x, y - 20.0)));
    let mut ring: Vec<Point> = banks.collect();
    ring.push(ring[0]);
    ground.line(&super::ground::Line { points: course, tags: "waterway=river;name=Le Chaland".to_owned() });
    ground.ring(&ring, "natural=water;water=river");
    let park = [(-140.0, -370.0), (-60.0, -370.0), (-60.0, -330.0), (-140.0, -330.0), (-140.0, -370.0)];
    ground.ring(&park, "leisure=park;name=Parc de l'Esplanade");
    let limits = [(-820.0, -620.0), (820.0, -620.0), (820.0, 620.0), (-820.0, 620.0), (-820.0, -620.0)];
    let way = ground.ring(&limits, "boundary=administrative;admin_level=8");
    ground.area(&[way], "type=boundary;boundary=administrative;admin_level=8;name=Bourg-sur-Chaland;ref:INS=99999");
}
