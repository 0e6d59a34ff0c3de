use crate::code_list;
use crate::code_list::Coded;
use crate::text::fold;
use crate::value::ValueError;

code_list! {
    /// A code of the European List of Waste (Decision 2000/532/EC as amended by 2014/955/EU), in
    /// Serbia the *indeksni broj* of the *Katalog otpada* ("Sl. glasnik RS" 56/2010): chapter 01
    /// in full, and the codes of other chapters under which smelters, power plants and fertiliser
    /// works deposit beside mines. Stored as six digits without blanks and asterisk.
    pub enum WasteCode in "waste_code", "Индексни број отпада", "List of Waste code", read by read;

    W010101 = "010101", "отпади од ископавања металичних минерала", "wastes from mineral metalliferous excavation";
    W010102 = "010102", "отпади од ископавања неметаличних минерала", "wastes from mineral non-metalliferous excavation";
    W010304 = "010304", "јаловина од прераде сулфидне руде која ствара киселину", "acid-generating tailings from processing of sulphide ore";
    W010305 = "010305", "остала јаловина која садржи опасне супстанце", "other tailings containing hazardous substances";
    W010306 = "010306", "јаловина другачија од оне наведене у 01 03 04 и 01 03 05", "tailings other than those mentioned in 01 03 04 and 01 03 05";
    W010307 = "010307", "остали отпади који садрже опасне супстанце из физичке и хемијске прераде металичних минерала", "other wastes containing hazardous substances from physical and chemical processing of metalliferous minerals";
    W010308 = "010308", "прашњави и прашкасти отпади другачији од оних наведених у 01 03 07", "dusty and powdery wastes other than those mentioned in 01 03 07";
    W010309 = "010309", "црвени муљ из производње алуминијума другачији од отпада наведених у 01 03 10", "red mud from alumina production other than the wastes mentioned in 01 03 10";
    W010310 = "010310", "црвени муљ из производње алуминијума који садржи опасне супстанце, другачији од отпада наведених у 01 03 07", "red mud from alumina production containing hazardous substances other than the wastes mentioned in 01 03 07";
    W010399 = "010399", "отпади који нису другачије специфицирани (прерада металичних минерала)", "wastes not otherwise specified (processing of metalliferous minerals)";
    W010407 = "010407", "отпади који садрже опасне супстанце из физичке и хемијске прераде неметаличних минерала", "wastes containing hazardous substances from physical and chemical processing of non-metalliferous minerals";
    W010408 = "010408", "отпадни шљунак и дробљени камен другачији од оних наведених у 01 04 07", "waste gravel and crushed rocks other than those mentioned in 01 04 07";
    W010409 = "010409", "отпадни песак и глине", "waste sand and clays";
    W010410 = "010410", "прашњави и прашкасти отпади другачији од оних наведених у 01 04 07", "dusty and powdery wastes other than those mentioned in 01 04 07";
    W010411 = "010411", "отпади од прераде поташе и камене соли другачији од оних наведених у 01 04 07", "wastes from potash and rock salt processing other than those mentioned in 01 04 07";
    W010412 = "010412", "јаловина и остали отпади од прања и чишћења минерала другачији од оних наведених у 01 04 07 и 01 04 11", "tailings and other wastes from washing and cleaning of minerals other than those mentioned in 01 04 07 and 01 04 11";
    W010413 = "010413", "отпади од сечења и тестерисања камена другачији од оних наведених у 01 04 07", "wastes from stone cutting and sawing other than those mentioned in 01 04 07";
    W010499 = "010499", "отпади који нису другачије специфицирани (прерада неметаличних минерала)", "wastes not otherwise specified (processing of non-metalliferous minerals)";
    W010504 = "010504", "муљеви и отпади од бушења са слатком водом", "freshwater drilling muds and wastes";
    W010505 = "010505", "муљеви и отпади од бушења који садрже нафту", "oil-containing drilling muds and wastes";
    W010506 = "010506", "муљеви од бушења и остали отпади од бушења који садрже опасне супстанце", "drilling muds and other drilling wastes containing hazardous substances";
    W010507 = "010507", "муљеви и отпади од бушења који садрже барит, другачији од оних наведених у 01 05 05 и 01 05 06", "barite-containing drilling muds and wastes other than those mentioned in 01 05 05 and 01 05 06";
    W010508 = "010508", "муљеви и отпади од бушења који садрже хлориде, другачији од оних наведених у 01 05 05 и 01 05 06", "chloride-containing drilling muds and wastes other than those mentioned in 01 05 05 and 01 05 06";
    W010599 = "010599", "отпади који нису другачије специфицирани (бушење)", "wastes not otherwise specified (drilling)";
    W060904 = "060904", "отпади на бази калцијума из реакција (фосфогипс), другачији од оних наведених у 06 09 03", "calcium-based reaction wastes (phosphogypsum) other than those mentioned in 06 09 03";
    W100101 = "100101", "пепео, шљака и прашина из котла (изузев прашине из котла наведене у 10 01 04)", "bottom ash, slag and boiler dust (excluding boiler dust mentioned in 10 01 04)";
    W100102 = "100102", "летећи пепео од угља", "coal fly ash";
    W100401 = "100401", "шљаке из примарне и секундарне производње олова", "slags from primary and secondary production of lead";
    W100501 = "100501", "шљаке из примарне и секундарне производње цинка", "slags from primary and secondary production of zinc";
    W100601 = "100601", "шљаке из примарне и секундарне производње бакра", "slags from primary and secondary production of copper";
    W110202 = "110202", "муљеви из хидрометалургије цинка (укључујући јаросит и гетит)", "sludges from zinc hydrometallurgy (including jarosite, goethite)";
}

impl WasteCode {
    /// Whether the list marks the waste as hazardous (`*`).
    pub const fn hazardous(self) -> bool {
        matches!(
            self,
            Self::W010304
                | Self::W010305
                | Self::W010307
                | Self::W010310
                | Self::W010407
                | Self::W010505
                | Self::W010506
                | Self::W100401
                | Self::W110202
        )
    }

    /// The code as the list prints it: `01 03 04*`.
    pub fn printed(self) -> String {
        let code = self.code();
        let asterisk = if self.hazardous() { "*" } else { "" };
        format!("{} {} {}{asterisk}", &code[..2], &code[2..4], &code[4..])
    }

    /// The hazardous codes, as printed, that the text of this one sets itself apart from (mirror
    /// entries): `01 03 04*` and `01 03 05*` for 01 03 06.
    pub fn hazardous_twins(self) -> Vec<String> {
        let text = self.entry().label.en;
        Self::ALL
            .iter()
            .filter(|other| other.hazardous() && **other != self)
            .map(|other| other.printed())
            .filter(|printed| text.contains(printed.trim_end_matches('*')))
            .collect()
    }
}

/// Reads a code in the spellings of the trade: `01 03 04*`, `01 03 04 *`, `01.03.04`, `01-03-04*`,
/// `0103 04`, `010304`, and `10304`, as which spreadsheets keep a code whose zero they dropped; the name
/// of the list before it (`EWC 01 03 04`) and words after it (`01 03 04* – kisela jalovina`) are left out. An asterisk after a code that is not hazardous is
/// refused: one of the two is wrong. A hazardous code may lack its asterisk.
fn read(text: &str) -> Result<WasteCode, ValueError> {
    let unknown = || ValueError::UnknownCode {
        list: WasteCode::LIST.id,
        value: text.to_owned(),
    };
    let (digits, starred) =
        digits_and_star(without_words(without_list(text))).ok_or_else(unknown)?;
    let code = WasteCode::from_code(&digits).ok_or_else(unknown)?;
    if starred && !code.hazardous() {
        return Err(ValueError::NotHazardous {
            value: text.to_owned(),
            code,
        });
    }
    Ok(code)
}

/// Without the word that says which list the code is of.
fn without_list(text: &str) -> &str {
    const LISTS: [&str; 9] = [
        "w",
        "ewc",
        "low",
        "ekw",
        "indeksni broj",
        "ind br",
        "indeksni br",
        "katalog",
        "sifra",
    ];
    let Some(digits) = text.find(|letter: char| letter.is_ascii_digit()) else {
        return text;
    };
    let (before, code) = text.split_at(digits);
    if LISTS.contains(&fold(before).as_str()) {
        code
    } else {
        text
    }
}

fn without_words(text: &str) -> &str {
    let Some(words) = text.find(char::is_alphabetic) else {
        return text;
    };
    // A second code among the words is not for us to drop.
    if text[words..].bytes().filter(u8::is_ascii_digit).count() >= 5 {
        return text;
    }
    let code = &text[..words];
    // A letter glued to a digit is a slip of the pen, not a word.
    if code.ends_with(|last: char| last.is_ascii_digit()) {
        return text;
    }
    code.trim_end_matches([' ', '-', '–', '—', ',', ':', '(', '.'])
}

/// Six digits, apart only between pairs; without the first zero, which may be lost, five.
fn digits_and_star(text: &str) -> Option<(String, bool)> {
    let (code, starred) = text
        .trim()
        .strip_suffix(['*', '∗'])
        .map_or((text.trim(), false), |code| (code.trim_end(), true));
    let mut parts = code
        .split([' ', '\u{a0}', '.', '-', '/', '_'])
        .collect::<Vec<_>>();
    parts.retain(|part| !part.is_empty());
    let digits = parts.concat();
    let numeric = digits.bytes().all(|digit| digit.is_ascii_digit());
    let lost = usize::from(digits.len() == 5);
    let in_pairs = (0..).zip(&parts).all(|(at, part)| {
        let length = if at == 0 {
            part.len() + lost
        } else {
            part.len()
        };
        length % 2 == 0
    });
    (numeric && digits.len() + lost == 6 && in_pairs).then(|| (format!("{digits:0>6}"), starred))
}
