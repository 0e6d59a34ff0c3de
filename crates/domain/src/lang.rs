//! The three languages of the register's own words.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::text::to_latin;

/// A language of titles, labels and messages. Data values stay as they were recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Serbian in Latin script.
    SrLatn,
    /// Serbian in Cyrillic script.
    SrCyrl,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::SrLatn, Self::SrCyrl, Self::En];

    /// The BCP 47 tag, such as `sr-Latn`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::SrLatn => "sr-Latn",
            Self::SrCyrl => "sr-Cyrl",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A language tag that is none of ours.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the language `{0}` is not served; use sr-Latn, sr-Cyrl or en")]
pub struct UnknownLang(String);

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Reads a BCP 47 tag by its language and script: `sr` alone is Cyrillic, the script of
    /// official use (Constitution of Serbia, Article 10); `sr-Latn-RS` is Latin.
    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        let lower = tag.trim().to_ascii_lowercase();
        let mut parts = lower.split('-');
        match (parts.next(), parts.next()) {
            (Some("en"), _) => Ok(Self::En),
            (Some("sr"), Some("latn")) => Ok(Self::SrLatn),
            (Some("sr"), _) => Ok(Self::SrCyrl),
            _ => Err(UnknownLang(tag.to_owned())),
        }
    }
}

/// A fixed text in Serbian and English. Only the Cyrillic form is kept: the Latin one follows from
/// it without ambiguity, so the two cannot drift apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Serbian, Cyrillic script.
    pub sr: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// A text from its Serbian Cyrillic and its English form.
    pub const fn new(sr: &'static str, en: &'static str) -> Self {
        Self { sr, en }
    }

    /// The text in one language.
    pub fn get(self, lang: Lang) -> Cow<'static, str> {
        match lang {
            Lang::SrLatn => Cow::Owned(to_latin(self.sr)),
            Lang::SrCyrl => Cow::Borrowed(self.sr),
            Lang::En => Cow::Borrowed(self.en),
        }
    }
}

/// A sentence about particular values, in Serbian and English. Made by [`crate::message!`].
///
/// As with [`Text`], Serbian is written in Cyrillic. What stands between quotation marks is somebody's data, or is to
/// be typed as it stands, and is the same in the Latin form: `„…“`, `` `…` `` and `"…"`.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
pub struct Message {
    /// Serbian, Cyrillic script.
    pub sr: String,
    /// English.
    pub en: String,
}

impl Message {
    /// A name, a code, a number: what is the same in every language.
    pub fn verbatim(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { sr: en.clone(), en }
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> Cow<'_, str> {
        match lang {
            Lang::SrLatn => Cow::Owned(in_latin(&self.sr)),
            Lang::SrCyrl => Cow::Borrowed(&self.sr),
            Lang::En => Cow::Borrowed(&self.en),
        }
    }
}

/// The Latin form of a sentence, but for what it quotes.
fn in_latin(mut sentence: &str) -> String {
    let mut latin = String::with_capacity(sentence.len());
    while let Some((before, quoted, after)) = first_quoted(sentence) {
        latin.push_str(&to_latin(before));
        latin.push_str(quoted);
        sentence = after;
    }
    latin + &to_latin(sentence)
}

/// The text before the first quotation, the quotation with its marks, and the text after it.
fn first_quoted(text: &str) -> Option<(&str, &str, &str)> {
    const MARKS: [char; 3] = ['„', '`', '"'];
    let begin = text.find(MARKS)?;
    let opening = text[begin..].chars().next()?;
    let inside = begin + opening.len_utf8();
    let closing: &[char] = if opening == '„' {
        &['“', '”']
    } else {
        &[opening]
    };
    let length = text[inside..].find(closing)?;
    let mark = text[inside + length..].chars().next()?;
    let end = inside + length + mark.len_utf8();
    Some((&text[..begin], &text[begin..end], &text[end..]))
}

impl fmt::Display for Message {
    /// English, the language of logs and of the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self {
            sr: text.sr.to_owned(),
            en: text.en.to_owned(),
        }
    }
}

/// A [`Message`]: the Serbian sentence (Cyrillic), then the English one, each a format string that
/// captures variables by name.
///
/// ```
/// let year = 1850;
/// let message = domain::message!("{year}. је пре почетка рударења", "{year} is before mining began");
/// assert_eq!(message.en, "1850 is before mining began");
/// ```
#[macro_export]
macro_rules! message {
    ($sr:literal, $en:literal $(,)?) => {
        $crate::lang::Message {
            sr: format!($sr),
            en: format!($en),
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_by_language_and_script() {
        for (tag, lang) in [
            ("sr-Latn", Lang::SrLatn),
            ("SR-LATN-RS", Lang::SrLatn),
            ("sr", Lang::SrCyrl),
            ("sr-RS", Lang::SrCyrl),
            ("en-GB", Lang::En),
        ] {
            assert_eq!(tag.parse(), Ok(lang), "{tag}");
        }
        assert!("de".parse::<Lang>().is_err());
    }

    #[test]
    fn what_is_quoted_stays_as_it_is() {
        for (sr, latin) in [
            ("поље `Назив` није број", "polje `Назив` nije broj"),
            ("остаје „Житковац“, како је", "ostaje „Житковац“, kako je"),
            ("колона \"шифра\": „а”, „б“", "kolona \"шифра\": „а”, „б“"),
            ("лоше „Житковац", "loše „Žitkovac"),
            ("``Бор`", "``Bor`"),
        ] {
            let message = Message {
                sr: sr.to_owned(),
                en: String::new(),
            };
            assert_eq!(message.get(Lang::SrLatn), latin);
        }
    }

    #[test]
    fn a_text_has_three_forms() {
        let text = Text::new("Јаловиште", "Tailings pond");
        let forms = Lang::ALL.map(|lang| text.get(lang));
        assert_eq!(forms, ["Jalovište", "Јаловиште", "Tailings pond"]);
    }
}
