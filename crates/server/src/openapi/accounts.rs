//! Signing in, the reader's own account, and those of others.

use domain::account::Role;
use domain::{Lang, Text};
use serde_json::{Map, Value};

use super::operation::{Operation, Parameter, Who};
use crate::context::{HTML, JSON};

const FORM: &str = "application/x-www-form-urlencoded";
const PAGE: &[&str] = &[HTML.media_type];
const BOTH: &[&str] = &[JSON.media_type, HTML.media_type];
const RIGHTS: [(&str, &str); 2] = [("role", "string"), ("regions", "string")];
const ANYBODY_SIGNED_IN: Who = Who::From(Role::Public);
const ADMINISTRATOR: Who = Who::From(Role::Admin);

/// The operations.
pub fn add(lang: Lang, paths: &mut Map<String, Value>) {
    for operation in &OPERATIONS {
        operation.add(lang, paths);
    }
}

/// One that a form of a page sends and that leads on to a page.
const fn sent(
    path: &'static str,
    id: &'static str,
    who: Who,
    summary: Text,
    takes: &'static [(&'static str, &'static [(&'static str, &'static str)])],
) -> Operation {
    Operation {
        method: "post",
        path,
        id,
        summary,
        who,
        parameters: &[],
        takes,
        status: "303",
        types: &[],
    }
}

const fn read(
    path: &'static str,
    id: &'static str,
    who: Who,
    summary: Text,
    types: &'static [&'static str],
) -> Operation {
    Operation {
        method: "get",
        path,
        id,
        summary,
        who,
        parameters: &[],
        takes: &[],
        status: "200",
        types,
    }
}

static OPERATIONS: [Operation; 13] = [
    Operation {
        parameters: &[Parameter {
            name: "to",
            place: "query",
            text: Text::new(
                "Путања стране на коју се иде после пријаве",
                "The path of the page to go on to after signing in",
            ),
            kind: "string",
        }],
        ..read(
            "/sign-in",
            "signInPage",
            Who::Anybody,
            Text::new("Образац за пријаву", "The form to sign in by"),
            PAGE,
        )
    },
    sent(
        "/sign-in",
        "signIn",
        Who::Anybody,
        Text::new("Пријава прегледача", "Sign a browser in"),
        &[(
            FORM,
            &[("name", "string"), ("password", "string"), ("to", "string")],
        )],
    ),
    sent(
        "/sign-out",
        "signOut",
        Who::Anybody,
        Text::new("Одјава прегледача", "Sign a browser out"),
        &[],
    ),
    read(
        "/account",
        "account",
        ANYBODY_SIGNED_IN,
        Text::new("Ко пита и шта сме", "Who asks, and what the account may do"),
        BOTH,
    ),
    sent(
        "/account/password",
        "changeOwnPassword",
        ANYBODY_SIGNED_IN,
        Text::new("Нова лозинка", "Another password"),
        &[(FORM, &[("current", "string"), ("password", "string")])],
    ),
    Operation {
        status: "200",
        types: PAGE,
        ..sent(
            "/account/tokens",
            "createToken",
            ANYBODY_SIGNED_IN,
            Text::new(
                "Нови токен, приказан само једном",
                "A new token, shown this once",
            ),
            &[(FORM, &[("label", "string"), ("days", "integer")])],
        )
    },
    sent(
        "/account/tokens/{id}/revoke",
        "revokeToken",
        ANYBODY_SIGNED_IN,
        Text::new("Укидање токена", "Revoke a token"),
        &[],
    ),
    read(
        "/accounts",
        "accounts",
        ADMINISTRATOR,
        Text::new("Сви налози", "All accounts"),
        BOTH,
    ),
    sent(
        "/accounts",
        "createAccount",
        ADMINISTRATOR,
        Text::new("Нови налог", "A new account"),
        &[(
            FORM,
            &[
                ("name", "string"),
                RIGHTS[0],
                RIGHTS[1],
                ("password", "string"),
            ],
        )],
    ),
    sent(
        "/accounts/{name}/rights",
        "changeRights",
        ADMINISTRATOR,
        Text::new(
            "Друга улога и окрузи или општине за које важи",
            "Another role, and the districts or municipalities where it counts",
        ),
        &[(FORM, &RIGHTS)],
    ),
    sent(
        "/accounts/{name}/password",
        "changePassword",
        ADMINISTRATOR,
        Text::new("Друга лозинка налога", "Another password of an account"),
        &[(FORM, &[("password", "string")])],
    ),
    sent(
        "/accounts/{name}/disable",
        "disableAccount",
        ADMINISTRATOR,
        Text::new("Искључење налога", "Disable an account"),
        &[],
    ),
    sent(
        "/accounts/{name}/enable",
        "enableAccount",
        ADMINISTRATOR,
        Text::new("Укључење налога", "Enable an account"),
        &[],
    ),
];
