use crate::code_list;

code_list! {
    /// How a position or shape was observed, from the most to the least accurate way.
    pub enum ObservationMethod in "observation_method", "Метод снимања", "Observation method";

    GnssRtk = "gnss_rtk", "ГНСС у реалном времену (RTK)", "Real-time kinematic GNSS", also ["rtk", "gnss", "gps", "gps rtk", "gnss rtk", "rtk gps", "rtk gnss"];
    TotalStation = "total_station", "Тотална станица", "Total station", also ["tahimetrija", "tahimetrijsko snimanje", "geodetsko snimanje", "geodetski snimak", "totalna"];
    UavPhotogrammetry = "uav_photogrammetry", "Фотограметрија из беспилотне летелице", "UAV photogrammetry", also ["dron", "snimanje dronom", "snimak dronom", "bespilotna letelica", "uav", "drone", "fotogrametrija"];
    Lidar = "lidar", "Лидар", "Lidar", also ["lasersko skeniranje", "als", "laser scanning"];
    Orthophoto = "orthophoto", "Ортофото", "Orthophoto", also ["ortofoto snimak", "ortofoto plan", "dof", "orthophotograph"];
    DigitisedMap = "digitised_map", "Дигитализована карта", "Digitised map", also ["digitalizacija", "digitalizovano", "digitalizacija karte", "karta", "topografska karta", "digitized map"];
    Satellite = "satellite", "Сателитски снимак", "Satellite image", also ["satelit", "satelitski", "sentinel", "google earth", "satellite imagery"];
    Document = "document", "Документ", "Document", also ["dokumentacija", "iz dokumentacije", "projekat", "elaborat"];
    Gazetteer = "gazetteer", "Именик места", "Gazetteer", also ["toponim"];
    Estimated = "estimated", "Процена", "Estimate", also ["procenjeno", "priblizno", "estimate"];
}
