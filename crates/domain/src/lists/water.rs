use crate::code_list;

/// The URI of a value of the INSPIRE code list `HydrologicalPersistenceValue`.
macro_rules! persistence {
    ($value:literal) => {
        concat!(
            "http://inspire.ec.europa.eu/codelist/HydrologicalPersistenceValue/",
            $value
        )
    };
}

code_list! {
    /// What a watercourse is.
    pub enum WatercourseKind in "watercourse_kind", "Врста водотока", "Kind of watercourse";

    River = "river", "Река", "River";
    Stream = "stream", "Поток", "Stream";
    Torrent = "torrent", "Бујица", "Torrent";
    Canal = "canal", "Канал", "Canal";
    Culvert = "culvert", "Колектор или тунел", "Culvert or tunnel";
    Other = "other", "Остало", "Other";
}

code_list! {
    /// The order of a water in law (Water Act, "Sl. glasnik RS" 30/2010: waters of the first order
    /// are those that the Government lists, all others are of the second).
    pub enum WaterOrder in "water_order", "Ред воде", "Order of a water";

    First = "first", "Воде I реда", "First order";
    Second = "second", "Воде II реда", "Second order";
}

code_list! {
    /// How constantly water flows.
    pub enum WaterPersistence in "water_persistence", "Сталност тока", "Persistence of flow";

    Perennial = "perennial", "Стални", "Perennial" => persistence!("perennial");
    Intermittent = "intermittent", "Повремени", "Intermittent" => persistence!("intermittent");
    Ephemeral = "ephemeral", "Само после падавина", "Ephemeral" => persistence!("ephemeral");
    Dry = "dry", "Суви", "Dry" => persistence!("dry");
}
