//! Connections that the dialogs of QGIS import, each dialog its own kind (`QgsManageConnectionsDialog`).

use axum::extract::State;
use axum::response::Response;
use raster::tile_matrix::FINEST_ZOOM;

use super::layers::name_of_image;
use super::{images, xml};
use crate::App;
use crate::context::Context;
use crate::error::ApiError;
use crate::formats::xml::escaped;
use crate::landing::TITLE;
use crate::vector_tiles::FINEST;

/// `GET /qgis/connections.xml`: for features (the dialog "WFS / OGC API - Features").
pub async fn features(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let (name, url) = (name(&context), escaped(&context.base_url));
    Ok(xml(
        "connections.xml",
        format!(
            "<!DOCTYPE connections>\n<qgsWFSConnections version=\"1.1\">\n<wfs name=\"{name}\" \
             url=\"{url}/\" version=\"OGC_API_FEATURES\" maxnumfeatures=\"\" pagesize=\"\" \
             pagingenabled=\"true\" ignoreAxisOrientation=\"false\" invertAxisOrientation=\"false\" \
             username=\"\" password=\"\"/>\n</qgsWFSConnections>\n"
        ),
    ))
}

/// `GET /qgis/vector-tiles.xml`: for the tiles of the register (the dialog "Vector Tile"), with their style.
pub async fn vector_tiles(context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let (name, url) = (name(&context), escaped(&context.base_url));
    let lang = context.lang.tag();
    Ok(xml(
        "vector-tiles.xml",
        format!(
            "<!DOCTYPE connections>\n<qgsVectorTileConnections version=\"1.0\">\n<vectortile \
             name=\"{name}\" url=\"{url}/tiles/xyz/{{z}}/{{x}}/{{y}}\" zmin=\"0\" zmax=\"{FINEST}\" \
             serviceType=\"\" styleUrl=\"{url}/styles/type?f=mapbox&amp;lang={lang}\" authcfg=\"\" \
             username=\"\" password=\"\" referer=\"\"/>\n</qgsVectorTileConnections>\n"
        ),
    ))
}

/// `GET /qgis/surveys.xml`: for the pictures of the latest surveys (the dialog "XYZ").
pub async fn rasters(State(app): State<App>, context: Context) -> Result<Response, ApiError> {
    context.only(&[])?;
    let images = images(&app).await;
    let images = images.map_err(|error| context.store_error(&error))?;
    let connections = images.iter().map(|image| {
        let name = escaped(&name_of_image(image, context.lang));
        let url = escaped(&image.tiles(&context.base_url));
        format!(
            "<xyztiles name=\"{name}\" url=\"{url}\" zmin=\"0\" zmax=\"{FINEST_ZOOM}\" authcfg=\"\" \
             username=\"\" password=\"\" referer=\"\" tilePixelRatio=\"0\"/>\n"
        )
    });
    let connections: String = connections.collect();
    Ok(xml(
        "surveys.xml",
        format!(
            "<!DOCTYPE connections>\n<qgsXYZTilesConnections version=\"1.0\">\n{connections}\
             </qgsXYZTilesConnections>\n"
        ),
    ))
}

fn name(context: &Context) -> String {
    escaped(&TITLE.get(context.lang))
}
