use crate::code_list;

/// The act whose lists [`Commodity::critical`] and [`Commodity::strategic`] answer from. The lists
/// are reviewed every three years (its Articles 3 and 4).
pub const CRITICAL_LIST_VERSION: &str = "Regulation (EU) 2024/1252";

/// The URI of a term of the CGI vocabulary `commodity-code`.
macro_rules! commodity {
    ($term:literal) => {
        cgi!("commodity-code", $term)
    };
}

code_list! {
    /// A mineral commodity: what a mine yielded, or what its waste still holds.
    pub enum Commodity in "commodity", "Минерална сировина", "Commodity";

    Copper = "copper", "Бакар", "Copper", also ["cu", "bakarna ruda", "ruda bakra"] => commodity!("copper");
    Gold = "gold", "Злато", "Gold", also ["au"] => commodity!("gold");
    Silver = "silver", "Сребро", "Silver", also ["ag"] => commodity!("silver");
    Lead = "lead", "Олово", "Lead", also ["pb"] => commodity!("lead");
    Zinc = "zinc", "Цинк", "Zinc", also ["zn"] => commodity!("zinc");
    Iron = "iron", "Гвожђе", "Iron", also ["fe", "ruda gvozdja"] => commodity!("iron");
    Antimony = "antimony", "Антимон", "Antimony", also ["sb"] => commodity!("antimony");
    Arsenic = "arsenic", "Арсен", "Arsenic", also ["as"] => commodity!("arsenic");
    Bismuth = "bismuth", "Бизмут", "Bismuth", also ["bi"] => commodity!("bismuth");
    Molybdenum = "molybdenum", "Молибден", "Molybdenum", also ["mo"] => commodity!("molybdenum");
    Tungsten = "tungsten", "Волфрам", "Tungsten", also ["w", "wolfram"] => commodity!("tungsten");
    Tin = "tin", "Калај", "Tin", also ["sn"] => commodity!("tin");
    Mercury = "mercury", "Жива", "Mercury", also ["hg"] => commodity!("mercury");
    Uranium = "uranium", "Уран", "Uranium", also ["u"] => commodity!("uranium");
    Thorium = "thorium", "Торијум", "Thorium" => commodity!("thorium");
    Nickel = "nickel", "Никл", "Nickel", also ["ni", "nikal"] => commodity!("nickel");
    Cobalt = "cobalt", "Кобалт", "Cobalt", also ["co"] => commodity!("cobalt");
    Chromium = "chromium", "Хром", "Chromium", also ["cr", "hromit"] => commodity!("chromium");
    Manganese = "manganese", "Манган", "Manganese", also ["mn"] => commodity!("manganese");
    Vanadium = "vanadium", "Ванадијум", "Vanadium" => commodity!("vanadium");
    Titanium = "titanium", "Титан", "Titanium" => commodity!("titanium");
    Aluminium = "aluminium", "Алуминијум", "Aluminium", also ["al", "aluminum"] => commodity!("aluminium");
    Alumina = "alumina", "Глиница", "Alumina" => commodity!("alumina");
    Bauxite = "bauxite", "Боксит", "Bauxite" => commodity!("bauxite");
    Magnesium = "magnesium", "Магнезијум", "Magnesium", also ["mg"] => commodity!("magnesium");
    Cadmium = "cadmium", "Кадмијум", "Cadmium", also ["cd"] => commodity!("cadmium");
    Selenium = "selenium", "Селен", "Selenium" => commodity!("selenium");
    Tellurium = "tellurium", "Телур", "Tellurium" => commodity!("tellurium");
    Thallium = "thallium", "Талијум", "Thallium" => commodity!("thallium");
    Rhenium = "rhenium", "Ренијум", "Rhenium" => commodity!("rhenium");
    Gallium = "gallium", "Галијум", "Gallium" => commodity!("gallium");
    Germanium = "germanium", "Германијум", "Germanium" => commodity!("germanium");
    Indium = "indium", "Индијум", "Indium" => commodity!("indium");
    Lithium = "lithium", "Литијум", "Lithium", also ["li"] => commodity!("lithium");
    Boron = "boron", "Бор", "Boron", also ["b"] => commodity!("boron");
    Beryllium = "beryllium", "Берилијум", "Beryllium" => commodity!("beryllium");
    Hafnium = "hafnium", "Хафнијум", "Hafnium" => commodity!("hafnium");
    Zirconium = "zirconium", "Цирконијум", "Zirconium" => commodity!("zirconium");
    Niobium = "niobium", "Ниобијум", "Niobium" => commodity!("niobium");
    Tantalum = "tantalum", "Тантал", "Tantalum" => commodity!("tantalum");
    Strontium = "strontium", "Стронцијум", "Strontium" => commodity!("strontium");
    Silicon = "silicon", "Силицијум", "Silicon metal" => commodity!("silicon");
    Phosphorus = "phosphorus", "Фосфор", "Phosphorus" => commodity!("phosphorous");
    Helium = "helium", "Хелијум", "Helium";
    PlatinumGroup = "platinum_group", "Метали платинске групе", "Platinum-group metals" => commodity!("platinum-group");
    Ruthenium = "ruthenium", "Рутенијум", "Ruthenium" => commodity!("ruthenium");
    Rhodium = "rhodium", "Родијум", "Rhodium" => commodity!("rhodium");
    Palladium = "palladium", "Паладијум", "Palladium" => commodity!("palladium");
    Osmium = "osmium", "Осмијум", "Osmium" => commodity!("osmium");
    Iridium = "iridium", "Иридијум", "Iridium" => commodity!("iridium");
    Platinum = "platinum", "Платина", "Platinum" => commodity!("platinum");
    RareEarths = "rare_earths", "Елементи ретких земаља", "Rare-earth elements" => commodity!("rare-earth-element");
    LightRareEarths = "light_rare_earths", "Лаки елементи ретких земаља", "Light rare-earth elements" => commodity!("lree");
    HeavyRareEarths = "heavy_rare_earths", "Тешки елементи ретких земаља", "Heavy rare-earth elements" => commodity!("hree");
    Scandium = "scandium", "Скандијум", "Scandium" => commodity!("scandium");
    Yttrium = "yttrium", "Итријум", "Yttrium" => commodity!("yttrium");
    Lanthanum = "lanthanum", "Лантан", "Lanthanum" => commodity!("lanthanum");
    Cerium = "cerium", "Церијум", "Cerium" => commodity!("cerium");
    Praseodymium = "praseodymium", "Празеодијум", "Praseodymium" => commodity!("praseodymium");
    Neodymium = "neodymium", "Неодијум", "Neodymium" => commodity!("neodymium");
    Samarium = "samarium", "Самаријум", "Samarium" => commodity!("samarium");
    Europium = "europium", "Европијум", "Europium" => commodity!("europium");
    Gadolinium = "gadolinium", "Гадолинијум", "Gadolinium" => commodity!("gadolinium");
    Terbium = "terbium", "Тербијум", "Terbium" => commodity!("terbium");
    Dysprosium = "dysprosium", "Диспрозијум", "Dysprosium" => commodity!("dysprosium");
    Holmium = "holmium", "Холмијум", "Holmium" => commodity!("holmium");
    Erbium = "erbium", "Ербијум", "Erbium" => commodity!("erbium");
    Thulium = "thulium", "Тулијум", "Thulium" => commodity!("thulium");
    Ytterbium = "ytterbium", "Итербијум", "Ytterbium" => commodity!("ytterbium");
    Lutetium = "lutetium", "Лутецијум", "Lutetium" => commodity!("lutetium");
    Coal = "coal", "Угаљ (врста непозната)", "Coal (rank unknown)", also ["ugalj"] => commodity!("coal");
    Lignite = "lignite", "Лигнит", "Lignite" => commodity!("brown-coal");
    BrownCoal = "brown_coal", "Мрки угаљ", "Brown coal" => commodity!("brown-coal");
    HardCoal = "hard_coal", "Камени угаљ", "Hard coal" => commodity!("black-coal");
    CokingCoal = "coking_coal", "Коксни угаљ", "Coking coal";
    Anthracite = "anthracite", "Антрацит", "Anthracite" => commodity!("anthracite");
    OilShale = "oil_shale", "Уљни шкриљци", "Oil shale", also ["uljni skriljac"] => commodity!("oil-shale");
    Peat = "peat", "Тресет", "Peat" => commodity!("peat");
    Pyrite = "pyrite", "Пирит", "Pyrite" => commodity!("pyrite");
    Sulphur = "sulphur", "Сумпор", "Sulphur", also ["sulfur"] => commodity!("sulphur");
    Phosphate = "phosphate", "Фосфати", "Phosphate rock", also ["fosfat", "fosforit"] => commodity!("phosphate-rock");
    Borate = "borate", "Борати", "Borates", also ["borat"] => commodity!("borate");
    Barite = "barite", "Барит", "Baryte" => commodity!("baryte");
    Fluorspar = "fluorspar", "Флуорит", "Fluorspar", also ["fluorite"] => commodity!("fluorite");
    Feldspar = "feldspar", "Фелдспат", "Feldspar" => commodity!("feldspar");
    Graphite = "graphite", "Графит", "Graphite" => commodity!("graphite");
    Magnesite = "magnesite", "Магнезит", "Magnesite" => commodity!("magnesite");
    Asbestos = "asbestos", "Азбест", "Asbestos" => commodity!("asbestos");
    Talc = "talc", "Талк", "Talc" => commodity!("talc");
    Mica = "mica", "Лискун", "Mica" => commodity!("mica");
    Silica = "silica", "Силицијум-диоксид", "Silica" => commodity!("silica");
    Quartz = "quartz", "Кварц", "Quartz" => commodity!("quartz");
    SilicaSand = "silica_sand", "Кварцни песак", "Silica sand" => commodity!("silica-sand");
    Kaolin = "kaolin", "Каолин", "Kaolin" => commodity!("kaolin");
    Bentonite = "bentonite", "Бентонит", "Bentonite" => commodity!("bentonite");
    Zeolite = "zeolite", "Зеолити", "Zeolites", also ["zeolit"] => commodity!("zeolite");
    Perlite = "perlite", "Перлит", "Perlite" => commodity!("perlite");
    Diatomite = "diatomite", "Дијатомит", "Diatomite" => commodity!("diatomite");
    Wollastonite = "wollastonite", "Воластонит", "Wollastonite" => commodity!("wollastonite");
    Gypsum = "gypsum", "Гипс", "Gypsum" => commodity!("gypsum");
    Anhydrite = "anhydrite", "Анхидрит", "Anhydrite" => commodity!("anhydrite");
    Salt = "salt", "Со", "Salt" => commodity!("salt");
    Limestone = "limestone", "Кречњак", "Limestone" => commodity!("limestone");
    Dolomite = "dolomite", "Доломит", "Dolomite";
    Marl = "marl", "Лапорац", "Marl";
    Marble = "marble", "Мермер", "Marble" => commodity!("marble");
    Clay = "clay", "Глина", "Clay" => commodity!("clay");
    Sand = "sand", "Песак", "Sand" => commodity!("sand");
    Gravel = "gravel", "Шљунак", "Gravel";
    SandAndGravel = "sand_and_gravel", "Песак и шљунак", "Sand and gravel" => commodity!("sand-and-gravel");
    CrushedRock = "crushed_rock", "Дробљени камен", "Crushed rock", also ["tehnicki kamen", "tehnicko gradjevinski kamen", "tucanik"] => commodity!("crushed-rock");
    DimensionStone = "dimension_stone", "Архитектонски камен", "Dimension stone", also ["ukrasni kamen", "arhitektonsko gradjevinski kamen"] => commodity!("dimension-stone");
    Other = "other", "Остало", "Other";
}

impl Commodity {
    /// Whether it is a critical raw material (Annex II of [`CRITICAL_LIST_VERSION`]), of whatever
    /// grade. A group counts when one of its members does.
    pub const fn critical(self) -> bool {
        self.strategic()
            || self.rare_earth()
            || matches!(
                self,
                Self::Antimony
                    | Self::Arsenic
                    | Self::Barite
                    | Self::Beryllium
                    | Self::Borate
                    | Self::CokingCoal
                    | Self::Feldspar
                    | Self::Fluorspar
                    | Self::Hafnium
                    | Self::Helium
                    | Self::Niobium
                    | Self::Phosphate
                    | Self::Phosphorus
                    | Self::Scandium
                    | Self::Strontium
                    | Self::Tantalum
                    | Self::Vanadium
            )
    }

    /// Whether it is a strategic raw material (Annex I of [`CRITICAL_LIST_VERSION`]), of whatever
    /// grade: the list itself names boron of metallurgy grade, and lithium, manganese, graphite
    /// and nickel of battery grade. A group counts when one of its members does.
    pub const fn strategic(self) -> bool {
        self.platinum_group()
            || self.magnet_rare_earth()
            || matches!(
                self,
                Self::Aluminium
                    | Self::Alumina
                    | Self::Bauxite
                    | Self::Bismuth
                    | Self::Boron
                    | Self::Cobalt
                    | Self::Copper
                    | Self::Gallium
                    | Self::Germanium
                    | Self::Graphite
                    | Self::Lithium
                    | Self::Magnesium
                    | Self::Manganese
                    | Self::Nickel
                    | Self::Silicon
                    | Self::Titanium
                    | Self::Tungsten
            )
    }

    const fn platinum_group(self) -> bool {
        matches!(
            self,
            Self::PlatinumGroup
                | Self::Ruthenium
                | Self::Rhodium
                | Self::Palladium
                | Self::Osmium
                | Self::Iridium
                | Self::Platinum
        )
    }

    /// The rare earths for permanent magnets, and the groups that hold them.
    const fn magnet_rare_earth(self) -> bool {
        matches!(
            self,
            Self::RareEarths
                | Self::LightRareEarths
                | Self::HeavyRareEarths
                | Self::Cerium
                | Self::Praseodymium
                | Self::Neodymium
                | Self::Samarium
                | Self::Gadolinium
                | Self::Terbium
                | Self::Dysprosium
        )
    }

    const fn rare_earth(self) -> bool {
        self.magnet_rare_earth()
            || matches!(
                self,
                Self::Yttrium
                    | Self::Lanthanum
                    | Self::Europium
                    | Self::Holmium
                    | Self::Erbium
                    | Self::Thulium
                    | Self::Ytterbium
                    | Self::Lutetium
            )
    }
}
