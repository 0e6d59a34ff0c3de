use crate::code_list;

code_list! {
    /// How a position or shape was observed, from the most to the least accurate way.
    pub enum ObservationMethod in "observation_method", "Метод снимања", "Observation method",
        vague ["gps", "gnss", "gps snimanje", "gnss snimanje", "gps merenje", "gnss merenje", "rucni gps", "gps uredjaj", "gps prijemnik", "gnss prijemnik", "handheld gps"] among ["gnss_rtk"],
        vague ["fotogrametrija", "fotogrametrijsko snimanje", "photogrammetry", "aerofotogrametrija", "aerofoto", "avionski snimak", "aerosnimak"] among ["uav_photogrammetry", "orthophoto"];

    GnssRtk = "gnss_rtk", "ГНСС у реалном времену (RTK)", "Real-time kinematic GNSS", also ["rtk", "gps rtk", "gnss rtk", "rtk gps", "rtk gnss", "gnss u realnom vremenu", "gps u realnom vremenu", "agros", "agros rtk"];
    TotalStation = "total_station", "Тотална станица", "Total station", also ["tahimetrija", "tahimetrijsko snimanje", "geodetsko snimanje", "geodetski snimak", "geodetski", "geodetsko merenje", "geodetski premer", "totalna", "tps", "tahimetrijski", "polarna metoda", "tachymetry"];
    UavPhotogrammetry = "uav_photogrammetry", "Фотограметрија из беспилотне летелице", "UAV photogrammetry", also ["dron", "snimanje dronom", "snimak dronom", "bespilotna letelica", "uav", "drone", "dronom", "uas", "uav fotogrametrija", "fotogrametrija dronom", "fotogrametrija iz drona", "dron fotogrametrija", "drone photogrammetry", "bespilotni sistem"];
    Lidar = "lidar", "Лидар", "Lidar", also ["lasersko skeniranje", "als", "laser scanning", "laser", "lasersko", "lasersko snimanje", "laserski skener", "laserski", "tls", "uls", "terestricko lasersko skeniranje", "terestricki laserski skener", "terrestrial laser scanning", "3d skeniranje"];
    Orthophoto = "orthophoto", "Ортофото", "Orthophoto", also ["ortofoto snimak", "ortofoto plan", "dof", "orthophotograph"];
    DigitisedMap = "digitised_map", "Дигитализована карта", "Digitised map", also ["digitalizacija", "digitalizovano", "digitalizacija karte", "karta", "topografska karta", "digitized map", "vektorizacija", "skenirana karta", "situacioni plan", "topografski plan"];
    Satellite = "satellite", "Сателитски снимак", "Satellite image", also ["satelit", "satelitski", "sentinel", "google earth", "satellite imagery", "satelitsko snimanje", "sentinel 2", "landsat", "google maps"];
    Document = "document", "Документ", "Document", also ["dokumentacija", "iz dokumentacije", "projekat", "elaborat", "arhiva", "arhivska dokumentacija", "literatura", "izvestaj", "studija"];
    Gazetteer = "gazetteer", "Именик места", "Gazetteer", also ["toponim"];
    Estimated = "estimated", "Процена", "Estimate", also ["procenjeno", "priblizno", "estimate", "gruba procena"];
}

code_list! {
    /// What a raster survey shows.
    pub enum SurveyKind in "survey_kind", "Врста снимка", "Kind of survey";

    Dem = "dem", "Модел терена, неодређене врсте (DEM)", "Elevation model, not said which (DEM)", also ["dmt", "dmv", "visinski model", "elevation model", "digital elevation model"];
    Dtm = "dtm", "Модел голог терена (DTM)", "Terrain model, bare ground (DTM)", also ["digitalni model terena", "model terena", "terrain model", "digital terrain model"];
    Dsm = "dsm", "Модел површине са објектима (DSM)", "Surface model with what stands on it (DSM)", also ["digitalni model povrsi", "model povrsi", "surface model", "digital surface model"];
    Orthophoto = "orthophoto", "Ортофото", "Orthophoto", also ["ortofoto", "dof", "orthomosaic", "ortomozaik"];
    Index = "index", "Израчунати показатељ", "Computed index", also ["indeks", "ndvi", "ndwi", "mndwi"];
}

impl SurveyKind {
    /// Whether its cells are heights.
    pub const fn is_terrain(self) -> bool {
        matches!(self, Self::Dem | Self::Dtm | Self::Dsm)
    }
}

code_list! {
    /// What heights are counted from.
    pub enum VerticalDatum in "vertical_datum", "Висински датум", "Vertical datum";

    SrbVrs12 = "srb_vrs12", "Важећи државни, SRB VRS12 (EPSG:8691)", "Current national datum, SRB VRS12 (EPSG:8691)", also ["8691", "epsg 8691", "vrs12", "nvt2"] => "http://www.opengis.net/def/crs/EPSG/0/8691";
    Trieste = "trieste", "Ранији државни, Трст (EPSG:5195)", "Former national datum, Trieste (EPSG:5195)", also ["5195", "epsg 5195", "trst", "molo sartorio"] => "http://www.opengis.net/def/crs/EPSG/0/5195";
    Evrf2007 = "evrf2007", "Европски, EVRF2007 (EPSG:5621)", "European, EVRF2007 (EPSG:5621)", also ["5621", "epsg 5621", "evrf"] => "http://www.opengis.net/def/crs/EPSG/0/5621";
    Egm96 = "egm96", "Геоид EGM96 (EPSG:5773)", "EGM96 geoid (EPSG:5773)", also ["5773", "epsg 5773"] => "http://www.opengis.net/def/crs/EPSG/0/5773";
    Egm2008 = "egm2008", "Геоид EGM2008 (EPSG:3855)", "EGM2008 geoid (EPSG:3855)", also ["3855", "epsg 3855"] => "http://www.opengis.net/def/crs/EPSG/0/3855";
    Ellipsoidal = "ellipsoidal", "Висине изнад елипсоида (ГНСС)", "Heights above the ellipsoid (GNSS)", also ["elipsoidne", "elipsoidne visine", "ellipsoid", "wgs84", "grs80"];
    Local = "local", "Месни, непознате везе", "A local one of unknown relation", also ["lokalni"];
}

impl VerticalDatum {
    /// Whether heights are counted from the sea's level, not from the ellipsoid, about 45 m below
    /// it in Serbia.
    pub const fn is_orthometric(self) -> bool {
        !matches!(self, Self::Ellipsoidal | Self::Local)
    }
}
