//! The routes of a router, read from what it says of itself.

use axum::Router;

/// A path with its methods.
pub struct Route {
    pub path: String,
    pub methods: Vec<String>,
}

/// The routes of a router.
pub fn of(router: &Router) -> Vec<Route> {
    let said = format!("{router:?}");
    let (routes, _) = said.split_once("fallback_router").unwrap();
    let (methods, paths) = routes.split_once("node: Node").unwrap();
    let methods = numbered(methods, "allow_header: Bytes(b\"");
    let routes: Vec<_> = numbered(paths, "\"")
        .into_iter()
        .map(|(number, path)| {
            let (_, allowed) = methods.iter().find(|(one, _)| *one == number).unwrap();
            let methods = allowed.split(',').map(str::to_owned);
            Route {
                path: path.to_owned(),
                methods: methods.collect(),
            }
        })
        .collect();
    assert!(routes.len() > 50, "only {} routes: {said}", routes.len());
    routes
}

/// What stands between `before` and the next quotation mark, after each number of a route.
fn numbered<'a>(text: &'a str, before: &str) -> Vec<(u32, &'a str)> {
    let parts = text.split("RouteId(").skip(1);
    let read = parts.filter_map(|part| {
        let (number, rest) = part.split_once(')')?;
        let (_, rest) = rest.split_once(before)?;
        let (value, _) = rest.split_once('"')?;
        Some((number.parse().ok()?, value))
    });
    read.collect()
}
