use crate::code_list;

code_list! {
    /// What a facility is.
    pub enum FacilityType in "facility_type", "Врста објекта", "Facility type",
        vague ["jaloviste", "jalovina", "rudarski otpad"] among ["tailings_pond", "waste_rock_dump", "overburden_dump"];

    TailingsPond = "tailings_pond", "Флотацијско јаловиште", "Tailings pond", also ["flotacijska jalovina", "flotacijsko jezero", "jalovisno jezero", "jaloviste flotacije", "flotaciono jaloviste", "hvostojaliste", "separacijsko jaloviste", "talozno jezero", "tailings", "tailings dam", "tailings storage facility", "tsf", "tailings facility", "hidrojaloviste", "jalovisni bazen"];
    TailingsInPit = "tailings_in_pit", "Јаловиште у површинском копу", "Tailings in an open pit", also ["jaloviste u kopu", "jalovina u kopu", "in pit tailings"];
    DryStack = "dry_stack", "Суво одложена јаловина", "Dry-stacked tailings", also ["suvo jaloviste", "filtrirana jalovina", "dry stack", "filtered tailings"];
    WasteRockDump = "waste_rock_dump", "Одлагалиште јаловине", "Waste rock dump", also ["odlagaliste", "odlagaliste rudnicke jalovine", "odlagaliste kopovske jalovine", "odlagaliste stenske jalovine", "kopovska jalovina", "rudnicka jalovina", "planir", "halda", "waste rock", "waste dump", "rock dump", "spoil heap", "kopovsko jaloviste", "rudnicko jaloviste", "kopovsko odlagaliste", "jamska jalovina"];
    OverburdenDump = "overburden_dump", "Одлагалиште откривке", "Overburden dump", also ["odlagaliste raskrivke", "odlagaliste otkrivke i jalovine", "otkrivka", "raskrivka", "spoljasnje odlagaliste", "unutrasnje odlagaliste", "overburden", "spoljno odlagaliste"];
    CoalWasteDump = "coal_waste_dump", "Одлагалиште јаловине угља", "Coal waste dump", also ["ugljena jalovina", "jalovina uglja", "coal waste"];
    HeapLeach = "heap_leach", "Гомила за лужење", "Heap leach pad", also ["luzenje na gomili", "gomila za luzenje rude", "heap leaching"];
    SlagHeap = "slag_heap", "Шљачиште", "Slag heap", also ["sljaka", "deponija sljake", "odlagaliste sljake", "topionicka sljaka", "slag", "slag dump"];
    AshPond = "ash_pond", "Депонија пепела и шљаке", "Ash pond", also ["pepeliste", "deponija pepela", "pepeo i sljaka", "ash", "ash dump"];
    ProcessingResidue = "processing_residue", "Остаци прераде", "Processing residue", also ["ogarak", "piritna izgoretina", "piritne izgoretine", "calcine", "pyrite cinder"];
    PhosphogypsumStack = "phosphogypsum_stack", "Депонија фосфогипса", "Phosphogypsum stack", also ["fosfogips", "phosphogypsum"];
    RedMudPond = "red_mud_pond", "Базен црвеног муља", "Red mud pond", also ["crveni mulj", "red mud"];
    DredgeSpoil = "dredge_spoil", "Одлагалиште багерског материјала", "Dredge spoil", also ["bagerska jalovina"];
    AlluvialTailings = "alluvial_tailings", "Јаловина наталожена у речној долини", "Tailings deposited by a river", also ["aluvijalna jalovina", "recna jalovina"];
    ContaminatedPond = "contaminated_pond", "Загађено језеро", "Contaminated pond or pit lake", also ["kiselo jezero", "zagadjeno jezero", "acid lake", "pit lake"];
    ExplorationDump = "exploration_dump", "Одлагалиште истражних радова", "Exploration dump", also ["istrazna jalovina", "jalovina istraznih radova"];
    QuarryWaste = "quarry_waste", "Одлагалиште каменолома", "Quarry waste", also ["jaloviste kamenoloma", "jalovina kamenoloma"];
    Mixed = "mixed", "Мешовито", "Mixed", also ["kombinovano", "mesovit", "mesovita"];
    Other = "other", "Остало", "Other", also ["drugo", "ostali"];
}

code_list! {
    /// Where a facility stands in its life (Directive 2006/21/EC, Articles 3, 12 and 20). The
    /// status of the mine is another matter: an active mine often has closed dumps.
    pub enum FacilityStatus in "facility_status", "Статус објекта", "Facility status",
        vague ["neaktivno", "neaktivan", "neaktivna", "nije aktivno", "nije aktivan", "nije aktivna", "nije u funkciji", "nije u upotrebi", "van upotrebe", "van funkcije", "van eksploatacije", "ne radi", "ne koristi se", "inactive", "not operating", "not in use", "out of use"] among ["care_and_maintenance", "closed", "abandoned"];

    Planned = "planned", "Планирано", "Planned", also ["planiran", "planirana", "u planu", "projektovano", "projektovan", "projektovana", "u pripremi", "proposed"] => cgi!("mine-status", "under-development");
    UnderConstruction = "under_construction", "У изградњи", "Under construction", also ["izgradnja", "gradi se", "gradnja", "u gradnji"] => cgi!("mine-status", "construction");
    Operating = "operating", "Активно", "Operating", also ["aktivan", "aktivna", "u radu", "radi", "u eksploataciji", "u funkciji", "u upotrebi", "active", "in operation", "in use", "u pogonu", "u koriscenju", "koristi se", "operativno", "operativan", "operativna", "operational"] => cgi!("mine-status", "operating");
    CareAndMaintenance = "care_and_maintenance", "Привремено обустављено", "Care and maintenance", also ["privremeno neaktivno", "privremeno zatvoreno", "privremeno obustavljen", "privremeno obustavljena", "obustavljeno", "mirovanje", "u mirovanju", "suspended", "temporarily inactive", "konzervirano", "konzerviran", "konzervirana", "konzervacija", "u konzervaciji", "privremena obustava", "privremeno van upotrebe", "privremeno van funkcije"] => cgi!("mine-status", "care-and-maintenance");
    Closing = "closing", "У затварању", "In closure", also ["zatvaranje", "u fazi zatvaranja", "zatvara se", "u postupku zatvaranja"];
    Closed = "closed", "Затворено, под надзором", "Closed, monitored after closure", also ["zatvoreno", "zatvoren", "zatvorena", "zatvoreno pod monitoringom"] => cgi!("mine-status", "closed");
    ClosedReleased = "closed_released", "Затворено, надзор окончан", "Closed and released from monitoring", also ["zatvoreno bez nadzora", "trajno zatvoreno"] => cgi!("mine-status", "closed");
    Abandoned = "abandoned", "Напуштено", "Abandoned", also ["napusten", "napustena", "orphaned"] => cgi!("mine-status", "abandoned");
    Reclaimed = "reclaimed", "Рекултивисано", "Reclaimed", also ["rekultivisan", "rekultivisana", "rekultivacija izvrsena", "sanirano", "saniran", "sanirana", "rehabilitated", "remediated", "rekultivisane", "rekultivacija zavrsena", "remedijacija zavrsena", "remedirano"];
    ReMined = "re_mined", "Поново откопано", "Re-mined or removed";
    Historic = "historic", "Историјско (пре 1900)", "Historic (before 1900)", also ["istorijsko", "istorijski", "historical"] => cgi!("mine-status", "historic");
    Unknown = "unknown", "Непознато", "Unknown", also ["nepoznat", "nepoznata", "nema podataka"] => "http://www.opengis.net/def/nil/OGC/0/unknown";
}

code_list! {
    /// How an embankment is raised (names as in *Towards Zero Harm*, 2020).
    pub enum RaisingMethod in "raising_method", "Начин надвишења", "Raising method";

    Upstream = "upstream", "Узводно", "Upstream", also ["uzvodna metoda", "uzvodni", "uzvodna", "uzvodno nasipanje", "uzvodno nadvisenje", "uzvodno nadvisavanje", "metoda uzvodno"];
    Centreline = "centreline", "Централно", "Centreline", also ["centralna linija", "centralna metoda", "centralni", "centralna", "centerline", "centralno nasipanje", "centralno nadvisenje", "centralno nadvisavanje"];
    ModifiedCentreline = "modified_centreline", "Измењено централно", "Modified centreline", also ["modifikovano centralno", "modifikovana centralna metoda", "modified centerline"];
    Downstream = "downstream", "Низводно", "Downstream", also ["nizvodna metoda", "nizvodni", "nizvodna", "nizvodno nasipanje", "nizvodno nadvisenje", "nizvodno nadvisavanje", "metoda nizvodno"];
    SingleRaise = "single_raise", "Једнократна изградња", "Single raise", also ["bez nadvisenja", "jednokratno"];
    InPitLandform = "in_pit_landform", "Испуна површинског копа", "In-pit landform";
    DryStack = "dry_stack", "Суво одлагање", "Dry stack";
    Hybrid = "hybrid", "Комбиновано", "Hybrid", also ["kombinovana metoda", "kombinovana", "kombinovani"];
    Other = "other", "Остало", "Other";
    Unknown = "unknown", "Непознато", "Unknown", also ["nepoznat", "nepoznata", "nema podataka"] => "http://www.opengis.net/def/nil/OGC/0/unknown";
}
