//! Prices of an hour as towns write them.

use crate::sources::table::{Expected, NumberStyle};

/// Currencies of the price, as signs or words.
const CURRENCIES: &[&str] = &["€", "eur", "euro", "euros", "£", "gbp", "$", "chf", "fr.", "sfr."];
/// What may follow a price of an hour.
const PER_HOUR: &[&str] = &[
    "",
    "h",
    "1h",
    "heure",
    "1heure",
    "parheure",
    "deheure",
    "hour",
    "1hour",
    "perhour",
    "anhour",
    "hr",
    "stunde",
    "1stunde",
    "prostunde",
    "jestunde",
    "std",
    "prostd",
];

/// The price of an hour: `2`, `2,50 €`, `€ 2.50 / h`, `2€ / 1h`; `None` where the text says anything else.
pub(super) fn price_per_hour(text: &str) -> Option<f64> {
    let lower = text.trim().to_lowercase();
    let without_currency = |text: &str, strip: fn(&str, &str) -> Option<usize>| {
        CURRENCIES.iter().filter_map(|currency| strip(text, currency)).max()
    };
    let before = without_currency(&lower, |text, c| text.strip_prefix(c).map(|_| c.len())).unwrap_or(0);
    let amount = lower[before..].trim_start();
    let ends = amount.find(|c: char| !(c.is_ascii_digit() || " .,-+\u{a0}\u{202f}'’".contains(c)));
    let (number, behind) = amount.split_at(ends.unwrap_or(amount.len()));
    let after = without_currency(behind, |text, c| text.strip_prefix(c).map(|_| c.len())).unwrap_or(0);
    let per: String = behind[after..].replace("l'", "").replace("l’", "").replace([' ', '/', '.', '\u{a0}'], "");
    if !PER_HOUR.contains(&per.as_str()) {
        return None;
    }
    let number = number.trim().trim_end_matches("-").trim_end_matches([',', '.']); // `2,-`
    let (style, _) = NumberStyle::detect(std::iter::once(number), Expected::Any, b';');
    style.parse(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_before_the_currency_is_the_price() {
        for (text, price) in [
            ("2", Some(2.0)),
            ("2,50", Some(2.5)),
            ("2.50 €", Some(2.5)),
            ("€2.50", Some(2.5)),
            ("2€ / 1h", Some(2.0)),
            ("1,20 €/heure", Some(1.2)),
            ("1,20 € de l’heure", Some(1.2)),
            ("CHF 2.- pro Stunde", Some(2.0)),
            ("2 euros par heure", Some(2.0)),
            ("1.80/h", Some(1.8)),
            ("-2", Some(-2.0)),
            ("2€ / jour", None),
            ("2€ / 2h", None),
            ("0,50 € / 30 min", None),
            ("1h gratuite puis 2€", None),
            ("€", None),
            ("gratuit", None),
        ] {
            assert_eq!(price_per_hour(text), price, "{text}");
        }
    }
}
