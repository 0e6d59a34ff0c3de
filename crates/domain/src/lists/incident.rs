use crate::code_list;

code_list! {
    /// What went wrong at a facility (terms of the CGI vocabulary `environmental-impact` where it
    /// has one that means the same).
    pub enum IncidentKind in "incident_kind", "Врста догађаја", "Kind of incident";

    DamFailure = "dam_failure", "Пробој бране", "Dam failure" => cgi!("environmental-impact", "dam-failure");
    Overtopping = "overtopping", "Преливање преко круне", "Overtopping";
    Seepage = "seepage", "Процуривање", "Seepage" => cgi!("environmental-impact", "subsurface-aqueous-liquid-discharge");
    SlopeFailure = "slope_failure", "Клизање косине", "Slope failure" => cgi!("environmental-impact", "landslide");
    Spill = "spill", "Изливање", "Spill" => cgi!("environmental-impact", "surface-aqueous-liquid-discharge");
    Dust = "dust", "Развејавање прашине", "Wind-blown dust" => cgi!("environmental-impact", "dust");
    Fire = "fire", "Пожар или самозапаљење", "Fire or self-combustion";
    Other = "other", "Остало", "Other";
}
