use crate::code_list;

code_list! {
    /// How a position or shape was observed, from the most to the least accurate way.
    pub enum ObservationMethod in "observation_method", "Метод снимања", "Observation method";

    GnssRtk = "gnss_rtk", "ГНСС у реалном времену (RTK)", "Real-time kinematic GNSS";
    TotalStation = "total_station", "Тотална станица", "Total station";
    UavPhotogrammetry = "uav_photogrammetry", "Фотограметрија из беспилотне летелице", "UAV photogrammetry";
    Lidar = "lidar", "Лидар", "Lidar";
    Orthophoto = "orthophoto", "Ортофото", "Orthophoto";
    DigitisedMap = "digitised_map", "Дигитализована карта", "Digitised map";
    Satellite = "satellite", "Сателитски снимак", "Satellite image";
    Document = "document", "Документ", "Document";
    Gazetteer = "gazetteer", "Именик места", "Gazetteer";
    Estimated = "estimated", "Процена", "Estimate";
}
