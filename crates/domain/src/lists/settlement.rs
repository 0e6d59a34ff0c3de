use crate::code_list;

code_list! {
    /// The type of a settlement in the census of the Statistical Office.
    pub enum SettlementKind in "settlement_kind", "Тип насеља", "Type of settlement";

    Urban = "urban", "Градско", "Urban";
    Other = "other", "Остало", "Other";
}
