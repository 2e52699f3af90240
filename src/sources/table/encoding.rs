//! Bytes of a text file → text, whatever program wrote it.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::TableError;
use crate::base::notice::{Notice, Notices};

/// Share of zero bytes above which a file is taken to be binary.
const BINARY_SHARE: f64 = 0.1;

/// The text of a file: UTF-8 with or without BOM, UTF-16, else the Windows code page 1252 with a notice.
/// Zero bytes are removed with a notice; a file full of them is refused.
pub fn decode(file: &str, bytes: &[u8], notices: &mut Notices) -> Result<String, TableError> {
    if bytes.is_empty() {
        return Err(TableError::Empty { file: file.to_owned() });
    }
    let mut text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf_8_or_windows(file, rest, notices),
        [0xFF, 0xFE, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFE, 0xFF, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        _ => match guess_utf_16(bytes) {
            Some(encoding) => {
                tell(file, encoding.name(), notices);
                encoding.decode_without_bom_handling(bytes).0.into_owned()
            }
            None => {
                let nul_bytes = bytes.iter().filter(|&&byte| byte == 0).count();
                if nul_bytes as f64 > BINARY_SHARE * bytes.len() as f64 {
                    return Err(TableError::NotText { file: file.to_owned(), nul_bytes, bytes: bytes.len() });
                }
                utf_8_or_windows(file, bytes, notices)
            }
        },
    };
    let zeros = text.matches('\0').count();
    if zeros > 0 {
        text.retain(|c| c != '\0');
        let problem = format!("holds {zeros} zero bytes");
        notices.push(Notice::warning("nul_bytes", file, problem).action("zero bytes removed"));
    }
    Ok(text)
}

fn utf_8_or_windows(file: &str, bytes: &[u8], notices: &mut Notices) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            tell(file, "windows-1252", notices);
            WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
        }
    }
}

/// Text in Latin letters written as UTF-16 has a zero in every second byte.
fn guess_utf_16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = &bytes[..bytes.len().min(2000) & !1];
    let pairs = head.len() / 2;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs >= 4 && odd * 10 > pairs * 8 && even * 10 < pairs {
        Some(UTF_16LE)
    } else if pairs >= 4 && even * 10 > pairs * 8 && odd * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn tell(file: &str, encoding: &str, notices: &mut Notices) {
    notices.push(
        Notice::warning("encoding_guessed", file, "is not UTF-8 and does not declare its encoding")
            .action(format!("read as {encoding}")),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (String, u64) {
        let mut notices = Notices::new();
        let text = decode("t.csv", bytes, &mut notices).expect("text");
        (text, notices.count("encoding_guessed"))
    }

    #[test]
    fn one_word_in_five_encodings() {
        let utf_16: Vec<u8> = "Liège;1;2".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_bom = [&[0xFF, 0xFE], utf_16.as_slice()].concat();
        let big: Vec<u8> = "Liège;1;2".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text_of("Liège;1;2".as_bytes()), ("Liège;1;2".to_owned(), 0));
        assert_eq!(text_of("\u{feff}Liège;1;2".as_bytes()), ("Liège;1;2".to_owned(), 0));
        assert_eq!(text_of(b"Li\xe8ge;1;2"), ("Liège;1;2".to_owned(), 1));
        assert_eq!(text_of(&with_bom), ("Liège;1;2".to_owned(), 0));
        assert_eq!(text_of(&utf_16), ("Liège;1;2".to_owned(), 1));
        assert_eq!(text_of(&big), ("Liège;1;2".to_owned(), 1));
    }

    #[test]
    fn binary_files_are_refused_and_stray_zeros_removed() {
        let found = decode("t.csv", &[1, 0, 0, 0, 9, 0, 0, 3, 0, 0], &mut Notices::new());
        assert!(matches!(found, Err(TableError::NotText { nul_bytes: 7, .. })));
        let mut notices = Notices::new();
        assert_eq!(decode("t.csv", b"name;spaces\0;x", &mut notices).expect("text"), "name;spaces;x");
        assert_eq!(notices.count("nul_bytes"), 1);
    }
}
