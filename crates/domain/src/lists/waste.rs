use crate::code_list;

code_list! {
    /// How waste is stored (CGI vocabulary `waste-storage`).
    pub enum WasteStorage in "waste_storage", "Начин одлагања", "Waste storage";

    Surface = "surface", "На површини", "On the surface", also ["povrsinsko", "povrsinski", "nadzemno"] => cgi!("waste-storage", "surface");
    Covered = "covered", "На површини, прекривено", "On the surface, covered", also ["prekriveno", "pokriveno"] => cgi!("waste-storage", "covered");
    Underground = "underground", "Под земљом", "Underground", also ["podzemno", "podzemni"] => cgi!("waste-storage", "underground");
    Underwater = "underwater", "Под водом", "Under water", also ["podvodno"] => cgi!("waste-storage", "underwater");
}
