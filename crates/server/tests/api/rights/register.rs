//! A register with something in every layer, and restricted values that nothing else looks like.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use domain::Layer;
use domain::layers::{DAMS, FACILITIES};
use server::uploads::Uploads;
use sqlx::postgres::PgPool;
use tempfile::TempDir;

use super::readers::READERS;
use crate::common::{Service, record};
use crate::every_layer;
use crate::surveyed::Surveyed;

/// Restricted values of records of the district RS-14; the second as `f64`, both ways round.
pub const SECRETS: [&[u8]; 4] = [
    b"TAJNA-14",
    b"1.7319",
    &1.7319_f64.to_le_bytes(),
    &1.7319_f64.to_be_bytes(),
];
/// The same of another district.
pub const SECRET_ELSEWHERE: [&[u8]; 4] = [
    b"TAJNA-08",
    b"1.6427",
    &1.6427_f64.to_le_bytes(),
    &1.6427_f64.to_be_bytes(),
];
/// What restricted fields are called.
pub const NAMES: [&str; 3] = ["factor_of_safety", "Factor of safety", "Responsible person"];

/// A service over it.
pub struct Register {
    pub router: Router,
    surveyed: Surveyed,
    ids: Vec<(&'static str, String)>,
    _uploads: TempDir,
}

impl Register {
    pub async fn start(pool: PgPool) -> Self {
        let surveyed = every_layer::service(pool.clone()).await;
        let uploads = tempfile::tempdir().unwrap();
        let store = surveyed.service.store.clone();
        for reader in READERS {
            reader.sign_up(&store).await;
        }
        let app = server::App {
            store,
            rasters: std::sync::Arc::new(raster::Library::new(surveyed.folder.path().to_owned())),
            uploads: Uploads::new(uploads.path().to_owned()),
            config: server::Config::default(),
        };
        let survey = surveyed.terrain.rsplit('/').next().unwrap().to_owned();
        let mut register = Self {
            router: server::router(app),
            surveyed,
            ids: vec![("{survey}", survey)],
            _uploads: uploads,
        };
        register.keep_secrets().await;
        for (name, layer, code) in [
            ("{here}", &FACILITIES, "RS-70327-101"),
            ("{elsewhere}", &FACILITIES, "RS-70327-102"),
            ("{dam}", &DAMS, "RS-70327-101"),
        ] {
            let id = register.id(layer, code).await;
            register.ids.push((name, id));
        }
        let kept = register.service().store.layer_state(&FACILITIES).await;
        let kept = kept.unwrap().revision.unwrap().to_string();
        register.ids.push(("{kept}", kept));
        register.send_files(&pool).await;
        register
    }

    /// A path with the ids of records in the places of their names.
    pub fn filled(&self, path: &str) -> String {
        let ids = self.ids.iter();
        ids.fold(path.to_owned(), |path, (name, id)| path.replace(name, id))
    }

    fn service(&self) -> &Service {
        &self.surveyed.service
    }

    async fn id(&self, layer: &'static Layer, code: &str) -> String {
        let found = self.service().store.record_of_code(layer, code).await;
        found.unwrap().unwrap().id.to_string()
    }

    /// Twice, so that there is history.
    async fn keep_secrets(&self) {
        for suffix in ["-before", ""] {
            let facility = |code, district, municipality, contact: &str| {
                let contact = format!("{contact}{suffix}");
                let texts = [
                    ("code", code),
                    ("name", "Јаловиште"),
                    ("district", district),
                    ("municipality", municipality),
                    ("facility_type", "tailings_pond"),
                    ("contact", &contact),
                ];
                record(&FACILITIES, &texts, None)
            };
            let facilities = vec![
                facility("RS-70327-101", "RS-14", "70327", "TAJNA-14"),
                facility("RS-70327-102", "RS-08", "70017", "TAJNA-08"),
            ];
            self.service().publish(facilities).await;
        }
        let dam = |code, factor| {
            record(
                &DAMS,
                &[
                    ("code", code),
                    ("facility", "RS-70327-101"),
                    ("factor_of_safety", factor),
                ],
                None,
            )
        };
        let dams = vec![dam("RS-70327-101", "1.7319"), dam("RS-70327-102", "1.6427")];
        self.service().publish(dams).await;
    }

    /// An upload of a surveyor, and one that says of a facility of another district that it lies in
    /// its sender's.
    async fn send_files(&self, pool: &PgPool) {
        for (sender, contact) in [("surveyor", "TAJNA-14"), ("surveyor-of-14", "TAJNA-08")] {
            let request = Request::post("/uploads?file=a.csv&layer=facilities")
                .header("authorization", format!("Bearer cadastre_{sender}"))
                .body(Body::from("code\nRS-70327-102\n"))
                .unwrap();
            let sent = tower::ServiceExt::oneshot(self.router.clone(), request).await;
            assert_eq!(sent.unwrap().status(), 201);
            sqlx::query(
                "insert into submission_record (submission, row_number, verdict, properties) \
                 select max(id), 2, 'changed', jsonb_build_object('code', 'RS-70327-102', \
                 'district', 'RS-14', 'contact', $1::text) from submission",
            )
            .bind(contact)
            .execute(pool)
            .await
            .unwrap();
        }
        for statement in [
            "update submission set state = 'ready', outcome = 'dry_run', counts = '{}'",
            "delete from submission_work",
        ] {
            sqlx::query(statement).execute(pool).await.unwrap();
        }
    }
}
