//! Where records are: reference systems, repairs, outlines.

use super::*;
use domain::layers::FACILITIES;
use geo_types::Geometry;

const OUTLINES: &str = "/collections/facility_outlines/items";

fn square(code: &str, [west, south]: [f64; 2], is_closed: bool) -> Json {
    let (east, north) = (west + 0.002, south + 0.002);
    let mut ring = json!([[west, south], [east, south], [east, north], [west, north]]);
    if is_closed {
        ring.as_array_mut().unwrap().push(json!([west, south]));
    }
    json!({
        "type": "Feature",
        "geometry": { "type": "Polygon", "coordinates": [ring] },
        "properties": { "code": code },
    })
}

/// The same place in each system: the published test vectors of the pinned operation.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn positions_are_read_in_the_order_of_their_system(pool: PgPool) {
    let editing = Editing::over(pool).await;
    for (crs, position) in [
        (
            "http://www.opengis.net/def/crs/EPSG/0/4326",
            [44.074_88, 22.095_91],
        ),
        (
            "<http://www.opengis.net/def/crs/EPSG/0/6316>",
            [7_588_213.57, 4_881_734.64],
        ),
        (
            "http://www.opengis.net/def/crs/EPSG/0/3909",
            [4_881_734.64, 7_588_213.57],
        ),
        (
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            [22.095_91, 44.074_88],
        ),
    ] {
        let elsewhere = json!({ "geometry": { "type": "Point", "coordinates": [21.9, 44.0] } });
        assert_eq!(
            editing.edit("PATCH", FIRST, &elsewhere).await.status,
            StatusCode::OK
        );
        let body = json!({ "geometry": { "type": "Point", "coordinates": position } });
        let headers = [
            ("content-type", "application/merge-patch+json"),
            ("content-crs", crs),
        ];
        let asked = ("eva", "PATCH", FIRST);
        let answer = editing.ask(asked, &headers, body.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{crs}: {}", answer.json());
        // Answered in the system that it was sent in.
        let there = answer.json()["geometry"]["coordinates"].clone();
        for (told, given) in there.as_array().unwrap().iter().zip(position) {
            assert!(
                (told.as_f64().unwrap() - given).abs() < 0.001,
                "{crs}: {there}"
            );
        }
        assert_eq!(
            answer.header("content-crs").trim_matches(['<', '>']),
            crs.trim_matches(['<', '>'])
        );
        let record = editing
            .service
            .store
            .record(&FACILITIES, 1)
            .await
            .unwrap()
            .unwrap();
        let Some(Geometry::Point(point)) = record.record.geometry else {
            panic!("{crs}: no point")
        };
        let off = (point.x() - 22.095_91).hypot(point.y() - 44.074_88);
        assert!(off < 2e-7, "{crs}: {point:?}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_facility_gets_an_outline_and_loses_it(pool: PgPool) {
    let editing = Editing::over(pool).await;
    // The first facility lies at 21.6, 44.07488.
    let drawn = editing
        .edit(
            "POST",
            OUTLINES,
            &square("RS-70327-001", [21.599, 44.074], true),
        )
        .await;
    assert_eq!(drawn.status, StatusCode::CREATED, "{}", drawn.json());
    assert_eq!(drawn.json()["id"], 1);
    assert_eq!(
        drawn.json()["properties"]["name_en"],
        "Pond \"A\" \\ 1",
        "the rest stays"
    );
    let twice = editing
        .edit(
            "POST",
            OUTLINES,
            &square("RS-70327-001", [21.599, 44.074], true),
        )
        .await;
    assert_eq!(told(&twice), "409 code-taken");
    let state = editing
        .service
        .get("/collections/facility_outlines")
        .await
        .json();
    assert_eq!(state["itemCount"], 1);
    let outside = json!({ "geometry": { "type": "Point", "coordinates": [21.7, 44.1] } });
    assert_snapshot!(told(&editing.edit("PATCH", FIRST, &outside).await), @"
    422 edit-refused
    /geometry: the point lies 8.4 km outside the registered outline of RS-70327-001; check both
    ");
    let over = editing
        .edit(
            "POST",
            OUTLINES,
            &square("RS-70327-002", [21.6, 44.0745], true),
        )
        .await;
    assert_snapshot!(over.json()["findings"], @r#"[{"severity":"warning","field":"outline","message":"the outline overlaps that of RS-70327-001 (in the register) by 13351 m², 38 % of the smaller one; check which is right"}]"#);
    let path = format!("{OUTLINES}/1");
    let nothing = json!({ "geometry": null });
    assert_snapshot!(told(&editing.edit("PATCH", &path, &nothing).await), @"
    422 edit-refused
    /geometry: this layer shows only records with a geometry; send one, or remove the feature (DELETE)
    ");
    let gone = editing.ask(("eva", "DELETE", &path), &[], "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(
        editing.service.get(&path).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(editing.service.get(FIRST).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn outlines_are_repaired_or_refused(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let open = square("RS-70327-001", [21.599, 44.074], false);
    let open = editing.edit("POST", OUTLINES, &open).await;
    assert_eq!(open.status, StatusCode::CREATED);
    assert_snapshot!(open.json()["findings"], @r#"[{"severity":"note","field":"outline","message":"a ring did not end where it begins at x 21.599, y 44.076; it was closed"}]"#);
    let ring = [
        [21.7, 44.0],
        [21.8, 44.1],
        [21.8, 44.0],
        [21.7, 44.1],
        [21.7, 44.0],
    ];
    let mut bow_tie = square("RS-70327-002", [21.7, 44.0], true);
    bow_tie["geometry"]["coordinates"] = json!([ring]);
    assert_snapshot!(told(&editing.edit("POST", OUTLINES, &bow_tie).await), @"
    422 edit-refused
    /geometry: the boundary crosses itself at x 21.75, y 44.05; redraw it there (in QGIS: Check Validity shows the place, the Vertex Tool moves the vertices)
    ");
}

/// What is known of a layer without reading it stays what reading it would give.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_known_of_the_layers_follows(pool: PgPool) {
    let editing = Editing::over(pool).await;
    let at =
        |position: [f64; 2]| json!({ "geometry": { "type": "Point", "coordinates": position } });
    let bbox = async || {
        let layer = editing.service.get("/collections/facilities").await.json();
        layer["extent"]["spatial"]["bbox"][0].to_string()
    };
    assert_eq!(bbox().await, "[21.6,44.07488,22.6,44.07488]");
    // Farther north, then the westernmost back into the middle.
    editing.edit("PATCH", FIRST, &at([21.6, 44.2])).await;
    assert_eq!(bbox().await, "[21.6,44.07488,22.6,44.2]");
    editing.edit("PATCH", FIRST, &at([22.0, 44.1])).await;
    assert_eq!(bbox().await, "[21.7,44.07488,22.6,44.1]");
    editing
        .edit("PATCH", FIRST, &json!({ "geometry": null }))
        .await;
    assert_eq!(bbox().await, "[21.7,44.07488,22.6,44.07488]");
    let state = editing
        .service
        .store
        .layer_state(&FACILITIES)
        .await
        .unwrap();
    assert_eq!((state.feature_count, state.without_geometry), (12, 2));
}
