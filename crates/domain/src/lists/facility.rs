use crate::code_list;

code_list! {
    /// What a facility is.
    pub enum FacilityType in "facility_type", "Врста објекта", "Facility type";

    TailingsPond = "tailings_pond", "Флотацијско јаловиште", "Tailings pond";
    TailingsInPit = "tailings_in_pit", "Јаловиште у површинском копу", "Tailings in an open pit";
    DryStack = "dry_stack", "Суво одложена јаловина", "Dry-stacked tailings";
    WasteRockDump = "waste_rock_dump", "Одлагалиште јаловине", "Waste rock dump";
    OverburdenDump = "overburden_dump", "Одлагалиште откривке", "Overburden dump";
    CoalWasteDump = "coal_waste_dump", "Одлагалиште јаловине угља", "Coal waste dump";
    HeapLeach = "heap_leach", "Гомила за лужење", "Heap leach pad";
    SlagHeap = "slag_heap", "Шљачиште", "Slag heap";
    AshPond = "ash_pond", "Депонија пепела и шљаке", "Ash pond";
    ProcessingResidue = "processing_residue", "Остаци прераде", "Processing residue";
    PhosphogypsumStack = "phosphogypsum_stack", "Депонија фосфогипса", "Phosphogypsum stack";
    RedMudPond = "red_mud_pond", "Базен црвеног муља", "Red mud pond";
    DredgeSpoil = "dredge_spoil", "Одлагалиште багерског материјала", "Dredge spoil";
    AlluvialTailings = "alluvial_tailings", "Јаловина наталожена у речној долини", "Tailings deposited by a river";
    ContaminatedPond = "contaminated_pond", "Загађено језеро", "Contaminated pond or pit lake";
    ExplorationDump = "exploration_dump", "Одлагалиште истражних радова", "Exploration dump";
    QuarryWaste = "quarry_waste", "Одлагалиште каменолома", "Quarry waste";
    Mixed = "mixed", "Мешовито", "Mixed";
    Other = "other", "Остало", "Other";
}

code_list! {
    /// Where a facility stands in its life (Directive 2006/21/EC, Articles 3, 12 and 20). The
    /// status of the mine is another matter: an active mine often has closed dumps.
    pub enum FacilityStatus in "facility_status", "Статус објекта", "Facility status";

    Planned = "planned", "Планирано", "Planned" => cgi!("mine-status", "under-development");
    UnderConstruction = "under_construction", "У изградњи", "Under construction" => cgi!("mine-status", "construction");
    Operating = "operating", "Активно", "Operating" => cgi!("mine-status", "operating");
    CareAndMaintenance = "care_and_maintenance", "Привремено обустављено", "Care and maintenance" => cgi!("mine-status", "care-and-maintenance");
    Closing = "closing", "У затварању", "In closure";
    Closed = "closed", "Затворено, под надзором", "Closed, monitored after closure" => cgi!("mine-status", "closed");
    ClosedReleased = "closed_released", "Затворено, надзор окончан", "Closed and released from monitoring" => cgi!("mine-status", "closed");
    Abandoned = "abandoned", "Напуштено", "Abandoned" => cgi!("mine-status", "abandoned");
    Reclaimed = "reclaimed", "Рекултивисано", "Reclaimed";
    ReMined = "re_mined", "Поново откопано", "Re-mined or removed";
    Historic = "historic", "Историјско (пре 1900)", "Historic (before 1900)" => cgi!("mine-status", "historic");
    Unknown = "unknown", "Непознато", "Unknown" => "http://www.opengis.net/def/nil/OGC/0/unknown";
}

code_list! {
    /// How an embankment is raised (names as in *Towards Zero Harm*, 2020).
    pub enum RaisingMethod in "raising_method", "Начин надвишења", "Raising method";

    Upstream = "upstream", "Узводно", "Upstream";
    Centreline = "centreline", "Централно", "Centreline";
    ModifiedCentreline = "modified_centreline", "Измењено централно", "Modified centreline";
    Downstream = "downstream", "Низводно", "Downstream";
    SingleRaise = "single_raise", "Једнократна изградња", "Single raise";
    InPitLandform = "in_pit_landform", "Испуна површинског копа", "In-pit landform";
    DryStack = "dry_stack", "Суво одлагање", "Dry stack";
    Hybrid = "hybrid", "Комбиновано", "Hybrid";
    Other = "other", "Остало", "Other";
    Unknown = "unknown", "Непознато", "Unknown" => "http://www.opengis.net/def/nil/OGC/0/unknown";
}
