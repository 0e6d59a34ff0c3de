use crate::code_list;

/// The URI of a value of the INSPIRE code list `IUCNDesignationValue`.
macro_rules! iucn {
    ($value:literal) => {
        concat!(
            "http://inspire.ec.europa.eu/codelist/IUCNDesignationValue/",
            $value
        )
    };
}

code_list! {
    /// What an area is protected as: the kinds of the Nature Protection Act ("Sl. glasnik RS"
    /// 36/2009), and the areas that other rules protect.
    pub enum ProtectedAreaKind in "protected_area_kind", "Врста заштићеног подручја", "Kind of protected area";

    StrictNatureReserve = "strict_nature_reserve", "Строги резерват природе", "Strict nature reserve";
    SpecialNatureReserve = "special_nature_reserve", "Специјални резерват природе", "Special nature reserve";
    NationalPark = "national_park", "Национални парк", "National park";
    NaturalMonument = "natural_monument", "Споменик природе", "Natural monument";
    ProtectedHabitat = "protected_habitat", "Заштићено станиште", "Protected habitat";
    OutstandingLandscape = "outstanding_landscape", "Предео изузетних одлика", "Landscape of outstanding features";
    NaturePark = "nature_park", "Парк природе", "Nature park";
    EcologicalNetwork = "ecological_network", "Подручје еколошке мреже", "Area of the ecological network";
    WaterSourceProtection = "water_source_protection", "Зона санитарне заштите изворишта", "Protection zone of a water source";
    Other = "other", "Остало", "Other";
}

code_list! {
    /// The category of a protected area by its importance (Nature Protection Act).
    pub enum ProtectionCategory in "protection_category", "Категорија заштите", "Category of protection";

    First = "first", "I категорија", "Category I (international or national importance)";
    Second = "second", "II категорија", "Category II (provincial or regional importance)";
    Third = "third", "III категорија", "Category III (local importance)";
}

code_list! {
    /// The management category of the International Union for Conservation of Nature.
    pub enum IucnCategory in "iucn_category", "Категорија IUCN", "IUCN category";

    StrictNatureReserve = "ia", "Ia Строги резерват природе", "Ia Strict nature reserve" => iucn!("strictNatureReserve");
    WildernessArea = "ib", "Ib Подручје дивљине", "Ib Wilderness area" => iucn!("wildernessArea");
    NationalPark = "ii", "II Национални парк", "II National park" => iucn!("nationalPark");
    NaturalMonument = "iii", "III Споменик природе", "III Natural monument" => iucn!("naturalMonument");
    HabitatManagementArea = "iv", "IV Подручје управљања стаништем или врстом", "IV Habitat or species management area" => iucn!("habitatSpeciesManagementArea");
    ProtectedLandscape = "v", "V Заштићени предео", "V Protected landscape or seascape" => iucn!("protectedLandscapeOrSeascape");
    ManagedResources = "vi", "VI Подручје одрживог коришћења ресурса", "VI Managed resource protected area" => iucn!("managedResourceProtectedArea");
}
