//! Files that people send, whole or in parts (tus 1.0.0), and what is decided of them.

use domain::account::Role;
use domain::{Lang, Text};
use serde_json::{Map, Value};

use super::operation::{Operation, Parameter, Who};
use crate::changes::EVENTS;
use crate::context::{CSV, GEOJSON, HTML, JSON};
use crate::uploads::reading::Reading;

const FORM: &str = "application/x-www-form-urlencoded";
const FILE: &str = "application/octet-stream";
const COMMENT: &[(&str, &[(&str, &str)])] = &[
    (FORM, &[("comment", "string")]),
    (JSON.media_type, &[("comment", "string")]),
];
const SENDER: Who = Who::From(Role::Surveyor);

/// The operations.
pub fn add(lang: Lang, paths: &mut Map<String, Value>) {
    for operation in &OPERATIONS {
        operation.add(lang, paths);
    }
    let sent = &mut paths["/uploads"]["post"];
    let Some(parameters) = sent["parameters"].as_array_mut() else {
        return;
    };
    parameters.extend(Reading::PARAMETERS.map(|name| {
        serde_json::json!({
            "name": name, "in": "query", "required": false, "schema": { "type": "string" },
        })
    }));
}

const fn operation(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    summary: Text,
    types: &'static [&'static str],
) -> Operation {
    Operation {
        method,
        path,
        id,
        summary,
        who: SENDER,
        parameters: &[],
        takes: &[],
        status: "200",
        types,
    }
}

const fn query(name: &'static str, kind: &'static str, text: Text) -> Parameter {
    Parameter {
        name,
        place: "query",
        text,
        kind,
    }
}

const fn header(name: &'static str, kind: &'static str, text: Text) -> Parameter {
    Parameter {
        name,
        place: "header",
        text,
        kind,
    }
}

const BOTH: &[&str] = &[JSON.media_type, HTML.media_type];
const ONE: &[&str] = &[JSON.media_type];

static OPERATIONS: [Operation; 13] = [
    Operation {
        parameters: &[query(
            "before",
            "integer",
            Text::new("Само раније од овог броја", "Only those before this number"),
        )],
        ..operation(
            "get",
            "/uploads",
            "uploads",
            Text::new(
                "Сопствена слања, а за рецензенте сва, најновија прва",
                "One's own uploads, for reviewers all, the newest first",
            ),
            BOTH,
        )
    },
    Operation {
        parameters: &[
            query(
                "file",
                "string",
                Text::new(
                    "Име датотеке која је тело захтева",
                    "The name of the file that is the body",
                ),
            ),
            query(
                "source",
                "string",
                Text::new("Одакле су подаци", "Where the data come from"),
            ),
            query("comment", "string", Text::new("Напомена", "A comment")),
            header(
                "Idempotency-Key",
                "string",
                Text::new(
                    "Исти кључ шаље исту датотеку само једном",
                    "The same key sends the same file once only",
                ),
            ),
            header(
                "Upload-Length",
                "integer",
                Text::new(
                    "Колико бајтова има датотека која се шаље у деловима (tus)",
                    "How many bytes a file has that is sent in parts (tus)",
                ),
            ),
            header(
                "Upload-Metadata",
                "string",
                Text::new(
                    "Параметри слања у деловима, у Base64 (tus)",
                    "The parameters of an upload in parts, in Base64 (tus)",
                ),
            ),
        ],
        takes: &[
            (FILE, &[]),
            (
                "multipart/form-data",
                &[("file", "binary"), ("comment", "string")],
            ),
        ],
        status: "201",
        ..operation(
            "post",
            "/uploads",
            "sendFile",
            Text::new("Слање датотеке на преглед", "Send a file for review"),
            ONE,
        )
    },
    operation(
        "get",
        "/uploads/{id}",
        "upload",
        Text::new("Стање слања", "How an upload is"),
        BOTH,
    ),
    Operation {
        takes: &[(
            "application/merge-patch+json",
            &[
                ("layer", "string"),
                ("crs", "string"),
                ("choices", "object"),
            ],
        )],
        status: "202",
        ..operation(
            "patch",
            "/uploads/{id}",
            "readAgain",
            Text::new(
                "Како да се датотека чита; преглед почиње поново",
                "How the file is to be read; the inspection begins anew",
            ),
            ONE,
        )
    },
    Operation {
        takes: &[(FORM, &[("layer", "string"), ("crs", "string")])],
        status: "303",
        ..operation(
            "post",
            "/uploads/{id}/reading",
            "readAgainByForm",
            Text::new("Исто, обрасцем", "The same, by a form"),
            &[],
        )
    },
    operation(
        "head",
        "/uploads/{id}/content",
        "uploadOffset",
        Text::new(
            "Колико бајтова је стигло: заглавље Upload-Offset (tus)",
            "How many bytes are here: the header Upload-Offset (tus)",
        ),
        &[],
    ),
    Operation {
        parameters: &[header(
            "Upload-Offset",
            "integer",
            Text::new("Од ког бајта", "From which byte"),
        )],
        takes: &[("application/offset+octet-stream", &[])],
        status: "204",
        ..operation(
            "patch",
            "/uploads/{id}/content",
            "sendPart",
            Text::new(
                "Следећи део датотеке (tus)",
                "The next part of a file (tus)",
            ),
            &[],
        )
    },
    operation(
        "get",
        "/uploads/{id}/original",
        "uploadedFile",
        Text::new("Датотека, бајт по бајт", "The file, byte for byte"),
        &[FILE],
    ),
    operation(
        "get",
        "/uploads/{id}/events",
        "uploadEvents",
        Text::new("Ток слања, уживо", "How an upload goes, as it does"),
        &[EVENTS.media_type],
    ),
    operation(
        "get",
        "/uploads/{id}/report",
        "uploadReport",
        Text::new("Шта је преглед нашао", "What the inspection found"),
        &[JSON.media_type, HTML.media_type, CSV.media_type],
    ),
    Operation {
        parameters: &[
            query(
                "after",
                "integer",
                Text::new("Само после овог реда", "Only after this row"),
            ),
            query(
                "limit",
                "integer",
                Text::new("Највише толико записа", "At most so many records"),
            ),
        ],
        ..operation(
            "get",
            "/uploads/{id}/preview",
            "uploadPreview",
            Text::new(
                "Записи како би их регистар казивао",
                "The records as the register would say them",
            ),
            &[GEOJSON.media_type],
        )
    },
    Operation {
        who: Who::From(Role::Reviewer),
        takes: COMMENT,
        status: "202",
        ..operation(
            "post",
            "/uploads/{id}/publish",
            "publish",
            Text::new("Објављивање", "Publish"),
            ONE,
        )
    },
    Operation {
        takes: COMMENT,
        ..operation(
            "post",
            "/uploads/{id}/reject",
            "reject",
            Text::new("Одбијање, или одустајање", "Reject, or withdraw"),
            ONE,
        )
    },
];
