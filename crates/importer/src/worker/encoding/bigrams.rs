//! How often letters follow each other, in Serbian of either script and in English.
//!
//! Serbian was counted in the treebank Serbian-SET of Universal Dependencies (its parts dev and test)
//! and in the Serbian texts and names of this program; English in the treebank English-EWT (dev
//! and test). A row is the letter before, a column the letter itself, in the order of the alphabet;
//! the first row is the beginning of a word, the last one any letter before, the last column the end
//! of a word. A digit d, to the base 36, stands for a share of e^(-d/2).

/// In the order of [`serbian_place`].
#[rustfmt::skip]
const SERBIAN: [&[u8; 31]; 32] = [
    b"87786e9b75669d75b54747a6abaae9k",
    b"ka697bf98e666a75788686bbdb89ia2",
    b"4kdkbn4ma35i6aj8l4j4cfm5nellsla",
    b"3lkcap4ol3fd87k6h4k59ho7gndgtb7",
    b"4kdk9n6mf5ii5df9l3i4fdm6nmllsl3",
    b"398akf4oe4ek8gb595d57jo6pognum5",
    b"4gfgfk2ig5fefifei8feeej2jihhoh8",
    b"d97859ib8eb67a658996769abdabha2",
    b"38gi9b2kb2aggba699g9ffk7lkjjqj8",
    b"26599o5mk49g7m75m6j9iin7nmllsl5",
    b"fd7a9egd6h576b55c8a8569ea778i73",
    b"3c9eap2of5hcdnc9g8ce89o5pnghhh5",
    b"3l9mkp5ol5kk89ccd2e687o5phahuf5",
    b"3ajedo4nk3jakeb6m3kic8n6enfdtf8",
    b"3igidl2kh5gbhkb6jagf9fk3lk9jq96",
    b"38jljp3nl5h9b8e9h49b9eo7fncetm3",
    b"3dec9d4fc3i8fhhkg4ff77p7ch9evn5",
    b"3ihigm1ki4hghkhgkahgcgl5lkjjqj9",
    b"d6565aea8b577966eb8557cecfa8j93",
    b"5lklfp6nl5fe7akbn2h28ao7eedct99",
    b"398a8d38b4habha8e4bk78p5idbbh86",
    b"4i7mgq4oi6c45o96o777e3p5egdnun7",
    b"3m7mkq4om4gabfe8d4959ef6idinun5",
    b"4hghgl2kh3gggjg6jbgfffk6ljijpi4",
    b"a9967dc88e778c76eb67768fdca7e92",
    b"5gfhfk5jg3fc6jfci3b379j6kaiipi7",
    b"5i6igl6kh7ggcka9j5g6f6k9lkbjqj1",
    b"4jcjhm3li2hbilhdkbh7ggl6mlkcrk5",
    b"4iajhm3li3836bh4cbhgggl6mlkkck8",
    b"5cac7g2ec5aabe89e4baaaeafeddk53",
    b"5jbjcm4li4h688i87acgh289mlfdrk6",
    b"59797c5b85778b76a57666b7cbaaha4",
];

/// From a to z.
#[rustfmt::skip]
const ENGLISH: [&[u8; 27]; 28] = [
    b"466786765aa76766c754996h8fk",
    b"e867b98a7e8573f8c55497ad7b5",
    b"59bb2gjf6dl5cf5dp68a4cko6p6",
    b"4l8c3he46p66ee3cd7b57hlqah7",
    b"6eh84faf5ff9bd5dr88f8ccq9g1",
    b"6b7579adakc785aad457d8999f2",
    b"6ljj56cf4hm8fg3eq5c76ggpbp3",
    b"6fjj4f956fm7d94eq58b7lkpap2",
    b"3fid2imd4ihbcb5er9c89negar4",
    b"7a57778ece96736ad744e8ndha5",
    b"3gff4gge6khefd2gleed2cgkgl8",
    b"7did2aca4nc8e59dob5ebkjn9o2",
    b"5dc64aed4ha4cf59rc798cbq5e3",
    b"37ce3fkg5phe7c56qg8g7mfp6q4",
    b"7h745a4d6d89d96hhb65abmj8e3",
    b"a997b69c9d876467s476486dbe4",
    b"4lcc4be66og49i56q4777gke9p4",
    b"5feeaffd5jgdeccfkdd81gfjfk4",
    b"5c983a9e5r89885ag87698cj6r3",
    b"7d8c4ce66ra9ae68fb647hcras2",
    b"6gch5gh35jiace4gs7789hai8g3",
    b"79787a7d8ad575d6e444hehf9e4",
    b"5fff1jjf3nkcfe6eoeeddfjofo9",
    b"3fgd3ek43ofbg74gp98eglepdp4",
    b"6g4e5ff85khebdb3ldd49hfcal3",
    b"abce6egg9phbac3aqd79clcpcq1",
    b"37eb3ffd3jgbbc6fkd9c7gfk754",
    b"597758876da78658e665798d8d3",
];

/// The natural logarithm of the share of what no table has.
const FOREIGN: f64 = -9.5;
/// The row of a beginning, and the column of an end counted from the last row.
const EDGE: usize = 0;

/// The logarithm of the share that a letter has after the one before, in Serbian; none when it is
/// no Serbian letter. Anything else before it tells nothing of it. Names have letters beside each
/// other that no count has seen, so a Serbian letter is never as unlikely as a foreign one.
pub(super) fn serbian(before: char, letter: char) -> Option<f64> {
    const RAREST: f64 = -7.0;
    let row = match before {
        ' ' => EDGE,
        before => serbian_place(before).unwrap_or(SERBIAN.len() - 1),
    };
    let share = logarithm(SERBIAN[row][serbian_place(letter)? - 1])?;
    Some(share.max(RAREST))
}

/// The logarithm of the likelihood of a whole Serbian word, for each of its letters and its end.
pub(super) fn serbian_mean(word: &str) -> f64 {
    let (sum, letters) = likelihood(word, &SERBIAN, serbian_place);
    sum / letters
}

/// By how much more likely, as a logarithm, one word is in Serbian than another is in English.
pub(super) fn serbian_over_english(serbian: &str, english: &str) -> f64 {
    likelihood(serbian, &SERBIAN, serbian_place).0 - likelihood(english, &ENGLISH, english_place).0
}

/// That of a word with its end, and how many letters were weighed.
fn likelihood<const COLUMNS: usize>(
    word: &str,
    table: &[&[u8; COLUMNS]],
    place: fn(char) -> Option<usize>,
) -> (f64, f64) {
    let (mut row, mut sum, mut letters) = (EDGE, 0.0, 0.0);
    let places = word.chars().map(place).chain([Some(COLUMNS)]);
    for place in places {
        let share = place.and_then(|place| logarithm(table[row][place - 1]));
        sum += share.unwrap_or(FOREIGN);
        letters += 1.0;
        row = place.unwrap_or(table.len() - 1);
    }
    (sum, letters)
}

fn logarithm(digit: u8) -> Option<f64> {
    let halves = char::from(digit).to_digit(36)?;
    Some(-f64::from(halves) / 2.0)
}

fn english_place(letter: char) -> Option<usize> {
    let small = letter.to_ascii_lowercase();
    small
        .is_ascii_lowercase()
        .then(|| usize::from(small as u8 - b'a') + 1)
}

/// The place of a letter in the Cyrillic alphabet, counted from 1; of a Latin letter, that of the
/// Cyrillic one which it stands for by itself.
fn serbian_place(letter: char) -> Option<usize> {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    Some(match small {
        'а' | 'a' => 1,
        'б' | 'b' => 2,
        'в' | 'v' => 3,
        'г' | 'g' => 4,
        'д' | 'd' => 5,
        'ђ' | 'đ' => 6,
        'е' | 'e' => 7,
        'ж' | 'ž' => 8,
        'з' | 'z' => 9,
        'и' | 'i' => 10,
        'ј' | 'j' => 11,
        'к' | 'k' => 12,
        'л' | 'l' => 13,
        'љ' => 14,
        'м' | 'm' => 15,
        'н' | 'n' => 16,
        'њ' => 17,
        'о' | 'o' => 18,
        'п' | 'p' => 19,
        'р' | 'r' => 20,
        'с' | 's' => 21,
        'т' | 't' => 22,
        'ћ' | 'ć' => 23,
        'у' | 'u' => 24,
        'ф' | 'f' => 25,
        'х' | 'h' => 26,
        'ц' | 'c' => 27,
        'ч' | 'č' => 28,
        'џ' => 29,
        'ш' | 'š' => 30,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{serbian, serbian_mean, serbian_over_english};

    #[test]
    fn usual_neighbours_are_likelier() {
        for (usual, rare) in [
            (('ј', 'а'), ('ј', 'ж')),
            ((' ', 'п'), (' ', 'ћ')),
            (('š', 't'), ('š', 'g')),
            (('Њ', 'Е'), ('Њ', 'Б')),
        ] {
            assert!(
                serbian(usual.0, usual.1) > serbian(rare.0, rare.1),
                "{usual:?}"
            );
        }
        assert_eq!(serbian('к', 'й'), None);
        assert_eq!(serbian('ш', 'т'), serbian('š', 't'));
        assert_eq!(serbian('?', 'т'), serbian('ä', 'т'));
    }

    #[test]
    fn words_are_told_from_letters_in_a_row() {
        assert!(serbian_mean("јаловиште") > serbian_mean("јлвшт") + 1.0);
        assert!(serbian_over_english("земља", "zemqa") > 5.0);
        assert!(serbian_over_english("њатер", "water") < -5.0);
    }
}
