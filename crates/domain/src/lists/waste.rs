use crate::code_list;

code_list! {
    /// How waste is stored (CGI vocabulary `waste-storage`).
    pub enum WasteStorage in "waste_storage", "Начин одлагања", "Waste storage";

    Surface = "surface", "На површини", "On the surface" => cgi!("waste-storage", "surface");
    Covered = "covered", "На површини, прекривено", "On the surface, covered" => cgi!("waste-storage", "covered");
    Underground = "underground", "Под земљом", "Underground" => cgi!("waste-storage", "underground");
    Underwater = "underwater", "Под водом", "Under water" => cgi!("waste-storage", "underwater");
}
