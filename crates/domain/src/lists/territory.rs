use crate::code_list;

code_list! {
    /// The kind of a unit of local self-government, or of a part of a city (Act on the territorial
    /// organisation of the Republic of Serbia, "Sl. glasnik RS" 129/2007).
    pub enum MunicipalityKind in "municipality_kind", "Врста јединице", "Kind of unit";

    Municipality = "municipality", "Општина", "Municipality";
    City = "city", "Град", "City";
    CityMunicipality = "city_municipality", "Градска општина", "City municipality";
}
