//! What people wrote in Omnidesk, as plain text: never rendered, only shown and compared.

use omnidesk::Message;

/// The text of a message, wherever Omnidesk keeps it; without the empty end that editors leave, and without signs that are
/// not seen and turn the text around.
#[must_use]
pub fn plain(message: &Message) -> String {
    let text = if message.content.trim().is_empty() {
        strip_tags(&message.content_html)
    } else {
        message.content.clone()
    };
    calls::visible(&text).trim_end().to_owned()
}

/// Text out of HTML, for showing only: tags go, a few entities are read, nothing is ever rendered.
fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (name, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name = name.to_ascii_lowercase();
        if name.starts_with("br") || name.starts_with("/p") || name.starts_with("/div") {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, sign) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, sign);
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_of_a_message_becomes_plain_text() {
        assert_eq!(
            strip_tags("<p>Добрый день&nbsp;&amp; привет</p><script>alert(1)</script>a<br/>b"),
            "Добрый день & привет\nalert(1)a\nb"
        );
        assert_eq!(strip_tags("<unclosed"), "");
    }
}
