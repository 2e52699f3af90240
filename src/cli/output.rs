//! stdout for the result, stderr for what there is to say.

use std::io::{self, Write};

use crate::base::notice::{Notices, Severity};

/// Notices of one code that are shown whole.
const SHOWN_PER_CODE: usize = 5;

/// Writes a result to stdout. A reader that has gone away (`| head`) has what it wanted.
pub(super) fn result(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(without_controls(text).as_bytes()).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Writes a part of a result to stdout, in UTF-8 that may be cut anywhere. A reader that has gone away is an error: there is
/// no need for the rest.
pub(super) fn part_of_result(bytes: &[u8]) -> io::Result<()> {
    let steers = |byte: u8| byte.is_ascii_control() && byte != b'\n' && byte != b'\t';
    let plain: Vec<u8> = bytes.iter().map(|&byte| if steers(byte) { b'?' } else { byte }).collect();
    io::stdout().lock().write_all(&plain)
}

/// Says something on stderr; nobody listening is no failure.
pub(super) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(without_controls(text).as_bytes());
}

/// Names come from files: a control character in one must not steer the terminal.
fn without_controls(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "\u{fffd}")
}

/// The notices for stderr: per code how many, and the first five; errors first.
pub(super) fn notices_text(notices: &Notices) -> String {
    let mut codes: Vec<_> =
        notices.counts().iter().map(|(code, (severity, count))| (*severity, *code, *count)).collect();
    codes.sort_by_key(|&(severity, code, _)| (std::cmp::Reverse(severity), code));
    let mut text = String::new();
    for (severity, code, count) in codes {
        text.push_str(&format!("{}: {code} ({count})\n", severity.key()));
        let of_code = notices.kept().iter().filter(|notice| notice.code == code);
        for notice in of_code.take(SHOWN_PER_CODE) {
            text.push_str(&format!("  {notice}\n"));
        }
        let shown = count.min(SHOWN_PER_CODE as u64);
        if count > shown {
            text.push_str(&format!("  ... and {} more\n", count - shown));
        }
    }
    text
}

/// How many error notices there are.
pub(super) fn errors(notices: &Notices) -> u64 {
    notices.counts().values().filter(|(severity, _)| *severity == Severity::Error).map(|(_, count)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::notice::Notice;

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(without_controls("a\u{1b}[31mb\r\n\tc\u{9b}"), "a\u{fffd}[31mb\u{fffd}\n\tc\u{fffd}");
    }

    #[test]
    fn five_of_each_code_are_shown_and_errors_come_first() {
        let mut notices = Notices::new();
        for row in 2..9 {
            notices.push(Notice::warning("dull", "a.csv", "is dull").at_row(row));
        }
        notices.push(Notice::error("lost", "b.csv", "is gone").action("file not used"));
        let text = notices_text(&notices);
        assert!(text.starts_with("error: lost (1)\n  b.csv: is gone; file not used\nwarning: dull (7)\n  a.csv row 2"));
        assert!(text.ends_with("  a.csv row 6: is dull\n  ... and 2 more\n"), "{text}");
        assert_eq!(errors(&notices), 1);
    }
}
