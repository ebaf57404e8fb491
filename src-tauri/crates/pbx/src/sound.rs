//! Which kind of sound a file holds, by what it begins with.
//!
//! A file's name and what a server says of it are words; a page that reports an error comes with both. The kinds are
//! those that PBXs record into and people attach. Telephone speech in MP3 has MPEG 2 and 2.5 frames, and Asterisk's
//! `gsm` has no head at all, which the usual lists of magic numbers do not know. What has neither a head nor a shape
//! (µ-law, A-law, bare samples) no player could play either.

/// One frame of GSM 06.10, bytes; each begins with the same four bits.
const GSM_FRAME: usize = 33;
/// So many of them in a row are no accident.
const GSM_FRAMES: usize = 8;

/// The media type of a file that holds sound, such as `audio/wav`; `None` for anything else.
#[must_use]
pub fn sound_type(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, magic: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(magic));
    let known = [
        (at(0, b"RIFF") && at(8, b"WAVE"), "audio/wav"),
        (at(0, b"ID3") || is_mpeg(bytes), "audio/mpeg"),
        (at(0, b"OggS"), "audio/ogg"),
        (at(0, b"fLaC"), "audio/flac"),
        (
            at(4, b"ftypM4A ") || at(4, b"ftypM4B ") || at(4, b"ftypmp42") || at(4, b"ftypisom"),
            "audio/mp4",
        ),
        (at(0, b"#!AMR"), "audio/amr"),
        (at(0, b"\x1a\x45\xdf\xa3"), "audio/webm"),
        (at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")), "audio/aiff"),
        (at(0, b".snd"), "audio/basic"),
        (at(0, &[0xff, 0xf1]) || at(0, &[0xff, 0xf9]), "audio/aac"),
        (is_gsm(bytes), "audio/gsm"),
    ];
    known.into_iter().find_map(|(fits, kind)| fits.then_some(kind))
}

/// A frame's head of MPEG 1, 2 or 2.5: no field has a value that is reserved.
fn is_mpeg(bytes: &[u8]) -> bool {
    let &[0xff, second, third, ..] = bytes else { return false };
    let (version, layer) = ((second >> 3) & 3, (second >> 1) & 3);
    let (bitrate, rate) = (third >> 4, (third >> 2) & 3);
    second >> 5 == 7 && version != 1 && layer != 0 && bitrate != 15 && bitrate != 0 && rate != 3
}

fn is_gsm(bytes: &[u8]) -> bool {
    let frames = bytes.chunks_exact(GSM_FRAME).take(GSM_FRAMES);
    frames.len() == GSM_FRAMES && frames.into_iter().all(|frame| frame[0] >> 4 == 0xd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gsm(frames: usize) -> Vec<u8> {
        (0..GSM_FRAME * frames)
            .map(|n| if n % GSM_FRAME == 0 { 0xd4 } else { 0x5a })
            .collect()
    }

    #[test]
    fn sound_is_known_by_what_it_begins_with() {
        let gsm = gsm(20);
        let table: [(&[u8], &str); 14] = [
            (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
            (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
            // MPEG 1 at 44.1 kHz, 2 at 16 kHz, 2.5 at 8 kHz, as lame writes telephone speech.
            (b"\xff\xfb\x90\x64", "audio/mpeg"),
            (b"\xff\xf3\x48\xc4", "audio/mpeg"),
            (b"\xff\xe3\x18\xc4", "audio/mpeg"),
            (b"OggS\0\x02", "audio/ogg"),
            (b"fLaC\0\0\0\x22", "audio/flac"),
            (b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4"),
            (b"#!AMR\n", "audio/amr"),
            (b"\x1a\x45\xdf\xa3\x01", "audio/webm"),
            (b"FORM\0\0\0\0AIFF", "audio/aiff"),
            (b".snd\0\0\0\x18", "audio/basic"),
            (b"\xff\xf1\x50\x80", "audio/aac"),
            (&gsm, "audio/gsm"),
        ];
        for (bytes, expected) in table {
            assert_eq!(sound_type(bytes), Some(expected), "{bytes:?}");
        }
    }

    #[test]
    fn pages_answers_and_other_files_are_no_sound() {
        let mut broken = gsm(20);
        broken[GSM_FRAME * 3] = b'<';
        let table: [&[u8]; 18] = [
            b"",
            b"R",
            b"RIFF",
            b"RIFF\0\0\0\0AVI LIST",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"<!DOCTYPE html><title>502</title>",
            b"\xef\xbb\xbf<html>",
            b"{\"message\":\"Recording not found\"}",
            b"\xff\xd8\xff\xe0\0\x10JFIF",
            b"\x89PNG\r\n\x1a\n",
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"MZ\x90\0",
            b"\x7fELF",
            b"\xff\xfe<\0h\0",
            b"\x1f\x8b\x08\0",
            b"\0\0\0\x18ftypheic",
            &broken,
        ];
        for bytes in table {
            assert_eq!(sound_type(bytes), None, "{bytes:?}");
        }
    }
}
