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

/// Text out of HTML, for showing only: tags go, entities are read, nothing is ever rendered.
pub(crate) fn strip_tags(html: &str) -> String {
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
    // A space that does not break is one like any other to who compares.
    let text = html_escape::decode_html_entities(&text).replace('\u{a0}', " ");
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

    #[test]
    fn every_entity_is_read_once() {
        assert_eq!(
            strip_tags("&laquo;Ромашка&raquo; &mdash; &#8470;&#x37;, д&#39;Артаньян"),
            "«Ромашка» — №7, д'Артаньян"
        );
        assert_eq!(
            strip_tags("&amp;lt;b&amp;gt; &lt;b&gt; &nothing; &#; & &#xffffffff;"),
            "&lt;b&gt; <b> &nothing; &#; & &#xffffffff;"
        );
    }

    #[test]
    fn hostile_html_ends_and_shows_nothing_hidden() {
        let mut htmls: Vec<String> = hostile::texts().into_iter().map(|hostile| hostile.text).collect();
        htmls.extend(["<div>", "&", "<", "&#8203;", "&#x202e;&#8;x", "&#0;"].map(|piece| piece.repeat(100_000)));
        for html in htmls {
            let message = serde_json::json!({"message_id": 1, "user_id": 0, "staff_id": 1, "content": "", "content_html": html});
            let message: Message = serde_json::from_value(message).unwrap();
            let shown = plain(&message);
            assert!(
                shown.chars().all(|c| hostile::is_harmless(c) || c == '\n' || c == '\t'),
                "{shown:.100?}"
            );
        }
    }
}
