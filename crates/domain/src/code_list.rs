//! Closed lists: every value that may only be one of a few is an `enum`, the same from the URL to
//! the column.

use crate::lang::Text;

/// One entry of a code list.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code as stored, written in URLs and in files.
    pub code: &'static str,
    /// The label for people.
    pub label: Text,
    /// Other words that files use for it, folded (see [`crate::text::fold`]).
    pub synonyms: &'static [&'static str],
    /// The concept in a public vocabulary (CGI, INSPIRE), where one exists.
    pub uri: Option<&'static str>,
}

/// A closed list of codes with labels.
#[derive(Debug)]
pub struct CodeList {
    /// Identifier, `[a-z0-9_]+`.
    pub id: &'static str,
    /// What the list names.
    pub title: Text,
    /// The entries in the order in which they are shown.
    pub entries: &'static [Entry],
    /// Words that files use, and that leave open which entry they mean.
    pub vague: &'static [Vague],
}

/// Words that say less than the list distinguishes.
#[derive(Clone, Copy, Debug)]
pub struct Vague {
    /// The words, folded.
    pub words: &'static [&'static str],
    /// The codes of the entries that they may mean.
    pub among: &'static [&'static str],
}

impl CodeList {
    /// The entry with exactly this code.
    pub fn find(&self, code: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.code == code)
    }

    /// The entries that a folded text may mean without saying which; none of a text that is not vague.
    pub fn may_mean(&self, folded: &str) -> Vec<&'static Entry> {
        let vague = self
            .vague
            .iter()
            .find(|vague| vague.words.contains(&folded));
        let codes = vague.map_or(&[][..], |vague| vague.among);
        codes.iter().filter_map(|code| self.find(code)).collect()
    }
}

/// A Rust `enum` whose variants are the entries of a [`CodeList`].
pub trait Coded: Copy + Sized + 'static {
    /// The list.
    const LIST: &'static CodeList;
    /// All variants, in the order of [`CodeList::entries`].
    const ALL: &'static [Self];

    /// The entry of this variant.
    fn entry(self) -> &'static Entry;

    /// The code of this variant.
    fn code(self) -> &'static str {
        self.entry().code
    }

    /// The variant with exactly this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// Declares an `enum` together with its [`CodeList`] and its text form.
///
/// Each line reads `Variant = "code", "Serbian Cyrillic label", "English label"` with, both
/// optional, `, also ["folded synonym"]` and `=> "vocabulary URI"`. A list whose codes are written
/// in several ways names in its head, after `read by`, the function
/// `fn(&str) -> Result<Self, ValueError>` that reads them. Words that leave open which entry is meant
/// stand in the head too: `, vague ["folded word"] among ["code", "code"]`.
#[macro_export]
macro_rules! code_list {
    (
        $(#[$meta:meta])*
        pub enum $name:ident in $id:literal, $title_sr:literal, $title_en:literal
        $(, read by $read:ident)?
        $(, vague [$($vague:literal),* $(,)?] among [$($among:literal),* $(,)?])*;
        $( $variant:ident = $code:literal, $sr:literal, $en:literal
            $(, also [$($synonym:literal),* $(,)?])? $(=> $uri:expr)? ; )+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( #[doc = $en] $variant, )+
        }

        impl $crate::code_list::Coded for $name {
            const LIST: &'static $crate::code_list::CodeList = {
                static LIST: $crate::code_list::CodeList = $crate::code_list::CodeList {
                    id: $id,
                    title: $crate::lang::Text::new($title_sr, $title_en),
                    entries: &[ $(
                        $crate::code_list::Entry {
                            code: $code,
                            label: $crate::lang::Text::new($sr, $en),
                            synonyms: &[ $( $($synonym),* )? ],
                            uri: $crate::code_list!(@uri $($uri)?),
                        },
                    )+ ],
                    vague: &[ $(
                        $crate::code_list::Vague {
                            words: &[ $($vague),* ],
                            among: &[ $($among),* ],
                        },
                    )* ],
                };
                &LIST
            };
            const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            fn entry(self) -> &'static $crate::code_list::Entry {
                &Self::LIST.entries[self as usize]
            }
        }

        $crate::coded_text!($name $(, $read)?);
    };
    (@uri) => { None };
    (@uri $uri:expr) => { Some($uri) };
}

/// Gives a [`Coded`] type its text form: `Display`, `FromStr`, serde and
/// [`crate::value::FieldValue`]. Texts are its codes, or what the function named after it reads.
#[macro_export]
macro_rules! coded_text {
    ($name:ident) => {
        $crate::coded_text!(@impl $name, |text: &str| {
            <$name as $crate::code_list::Coded>::from_code(text).ok_or_else(|| {
                $crate::value::ValueError::UnknownCode {
                    list: <$name as $crate::code_list::Coded>::LIST.id,
                    value: text.to_owned(),
                }
            })
        });
    };
    ($name:ident, $read:ident) => {
        $crate::coded_text!(@impl $name, $read);
    };
    (@impl $name:ident, $read:expr) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::code_list::Coded::code(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::value::ValueError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let read: fn(&str) -> Result<Self, $crate::value::ValueError> = $read;
                read(text.trim())
            }
        }

        $crate::text_value!(
            $name,
            $crate::value::FieldType::Code(<$name as $crate::code_list::Coded>::LIST)
        );
    };
}
