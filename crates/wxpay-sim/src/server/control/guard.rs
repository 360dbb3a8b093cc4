//! Keeps other web pages out: a browser on this machine would send whatever any page tells it to.

use std::net::{IpAddr, SocketAddr};

use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Method, StatusCode, Uri};

use super::reply::Problem;

/// Says how a browser came to send a request (Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What scripts send. Pages cannot send it elsewhere without asking first.
const JSON: &str = "application/json";

/// What forms send, which any page may send anywhere.
const FORM: &str = "application/x-www-form-urlencoded";

/// Lets a script's request through, or says why not.
pub(super) fn check(parts: &Parts, peer: SocketAddr, for_all: bool) -> Result<(), Problem> {
    let authority = reached(parts, peer, for_all)?;
    same_origin(parts, &authority)?;
    media_type(parts, JSON)
}

/// Lets a browser's request for a page through, or says why not. Looking changes nothing, so that other pages may lead
/// here; a form must prove that it is one of ours.
pub(crate) fn check_page(parts: &Parts, peer: SocketAddr, for_all: bool) -> Result<(), Problem> {
    let authority = reached(parts, peer, for_all)?;
    if parts.method == Method::GET {
        return Ok(());
    }
    form(parts, &authority)
}

/// Lets a user's request for the cashier behind a link through, or says why not. It comes from any machine, for users have
/// phones, and the link says what may be paid; a form must prove that it is one of the cashier's.
pub(crate) fn check_cashier(parts: &Parts) -> Result<(), Problem> {
    method(parts)?;
    if parts.method == Method::GET {
        return Ok(());
    }
    form(parts, &authority(&parts.uri, &parts.headers)?)
}

/// Whether a request goes to this page host of WeChat Pay's, or to this machine by an address or as localhost.
pub(crate) fn goes_to(host: &str, uri: &Uri, headers: &HeaderMap) -> bool {
    authority(uri, headers).is_ok_and(|authority| {
        authority.host().eq_ignore_ascii_case(host) || is_this_machine(authority.host())
    })
}

/// Lets a form through that one of our own pages sends.
fn form(parts: &Parts, authority: &Authority) -> Result<(), Problem> {
    same_origin(parts, authority)?;
    let proven = [ORIGIN, SEC_FETCH_SITE]
        .iter()
        .any(|name| parts.headers.contains_key(name));
    if !proven {
        return Err(forbidden(
            "the browser does not say which page asks; scripts use the control API".to_owned(),
        ));
    }
    media_type(parts, FORM)
}

/// Who the client thinks that it speaks to, when it may speak to control at all.
fn reached(parts: &Parts, peer: SocketAddr, for_all: bool) -> Result<Authority, Problem> {
    if !for_all && !peer.ip().to_canonical().is_loopback() {
        return Err(forbidden(format!(
            "control is for this machine alone, and not for {}",
            peer.ip()
        )));
    }
    method(parts)?;
    let authority = authority(&parts.uri, &parts.headers)?;
    if !is_this_machine(authority.host()) {
        let host = authority.host();
        return Err(forbidden(format!(
            "control is reached by an address or as localhost, and not as {host}"
        )));
    }
    Ok(authority)
}

fn method(parts: &Parts) -> Result<(), Problem> {
    if [Method::GET, Method::POST].contains(&parts.method) {
        return Ok(());
    }
    let problem = "GET looks, and POST changes".to_owned();
    Err(Problem(StatusCode::METHOD_NOT_ALLOWED, problem))
}

/// A name can be made to lead here by whoever owns it, and then his page has the same origin (DNS rebinding).
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().is_ok() || bare.eq_ignore_ascii_case("localhost")
}

fn same_origin(parts: &Parts, authority: &Authority) -> Result<(), Problem> {
    let text = |name: HeaderName| {
        let value = parts.headers.get(name);
        value.map(|value| value.to_str().unwrap_or("something unreadable"))
    };
    if let Some(origin) = text(ORIGIN) {
        let own = ["http://", "https://"].map(|scheme| format!("{scheme}{authority}"));
        if !own.iter().any(|own| own.eq_ignore_ascii_case(origin)) {
            return Err(forbidden(format!(
                "a page of {origin} has no business with this simulator"
            )));
        }
    }
    if let Some(site) = text(SEC_FETCH_SITE).filter(|site| !["same-origin", "none"].contains(site)) {
        return Err(forbidden(format!(
            "the browser says that another page asks ({site})"
        )));
    }
    Ok(())
}

fn media_type(parts: &Parts, wanted: &str) -> Result<(), Problem> {
    let given = parts.headers.get(CONTENT_TYPE);
    let given = given.map(|value| value.to_str().unwrap_or("something unreadable"));
    let given = given.map(|text| text.split(';').next().unwrap_or_default().trim());
    if given.is_some_and(|given| !given.eq_ignore_ascii_case(wanted)) {
        return Err(Problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("wanted is Content-Type: {wanted}"),
        ));
    }
    Ok(())
}

/// Who the client thinks that it speaks to.
fn authority(uri: &Uri, headers: &HeaderMap) -> Result<Authority, Problem> {
    if let Some(authority) = uri.authority() {
        return Ok(authority.clone());
    }
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next().filter(|_| hosts.next().is_none());
    host.and_then(|host| Authority::try_from(host.as_bytes()).ok())
        .ok_or_else(|| Problem::bad("wanted is one Host header"))
}

fn forbidden(problem: String) -> Problem {
    Problem(StatusCode::FORBIDDEN, problem)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn asked(peer: &str, headers: &[(&str, &str)]) -> Result<(), u16> {
        let mut request = Request::post("/_sim/api/reset");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check(&parts, peer.parse().unwrap(), false).map_err(|Problem(status, _)| status.as_u16())
    }

    #[test]
    fn scripts_and_own_pages_get_through() {
        for host in [
            "127.0.0.1:8089",
            "localhost:8089",
            "LOCALHOST",
            "[::1]:8089",
            "192.168.1.7:8089",
        ] {
            assert_eq!(asked("127.0.0.1:1", &[("host", host)]), Ok(()), "{host}");
            let origin = format!("http://{host}");
            let own = [
                ("host", host),
                ("origin", &origin),
                ("sec-fetch-site", "same-origin"),
            ];
            assert_eq!(asked("[::ffff:127.0.0.1]:1", &own), Ok(()), "{host}");
        }
        let json = [
            ("host", "localhost"),
            ("content-type", "Application/JSON; charset=utf-8"),
        ];
        assert_eq!(asked("[::1]:1", &json), Ok(()));
    }

    fn page(method: Method, headers: &[(&str, &str)]) -> Result<(), u16> {
        let mut request = Request::builder().method(method).uri("/_sim/do/reset");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let checked = check_page(&parts, "127.0.0.1:1".parse().unwrap(), false);
        checked.map_err(|Problem(status, _)| status.as_u16())
    }

    #[test]
    fn pages_are_looked_at_from_anywhere_and_forms_are_our_own() {
        let host = ("host", "127.0.0.1:8089");
        let form = ("content-type", "application/x-www-form-urlencoded");
        let own = ("origin", "http://127.0.0.1:8089");
        let elsewhere = ("sec-fetch-site", "cross-site");
        assert_eq!(page(Method::GET, &[host, elsewhere]), Ok(()));
        assert_eq!(page(Method::GET, &[("host", "evil.example")]), Err(403));
        assert_eq!(page(Method::POST, &[host, own, form]), Ok(()));
        assert_eq!(
            page(Method::POST, &[host, ("sec-fetch-site", "same-origin"), form]),
            Ok(())
        );
        for headers in [
            &[host, form][..],
            &[host, own, elsewhere, form],
            &[host, ("origin", "http://evil.example"), form],
            &[host, ("origin", "null"), form],
        ] {
            assert_eq!(page(Method::POST, headers), Err(403), "{headers:?}");
        }
        for other in ["text/plain", "multipart/form-data", "application/json"] {
            assert_eq!(
                page(Method::POST, &[host, own, ("content-type", other)]),
                Err(415)
            );
        }
        assert_eq!(page(Method::PUT, &[host, own, form]), Err(405));
    }

    #[test]
    fn other_pages_and_machines_do_not() {
        let host = ("host", "127.0.0.1:8089");
        assert_eq!(asked("192.168.1.9:1", &[host]), Err(403));
        for headers in [
            &[("host", "evil.example:8089")][..],
            &[("host", "api.mch.weixin.qq.com")],
            &[("host", "127.0.0.1.evil.example")],
            &[host, ("origin", "http://evil.example")],
            &[host, ("origin", "null")],
            &[host, ("origin", "http://127.0.0.1:9999")],
            &[host, ("origin", "http://127.0.0.1:8089.evil.example")],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site")],
        ] {
            assert_eq!(asked("127.0.0.1:1", headers), Err(403), "{headers:?}");
        }
        for form in [
            "application/x-www-form-urlencoded",
            "text/plain",
            "multipart/form-data",
        ] {
            assert_eq!(asked("127.0.0.1:1", &[host, ("content-type", form)]), Err(415));
        }
        assert_eq!(asked("127.0.0.1:1", &[]), Err(400));
        assert_eq!(asked("127.0.0.1:1", &[host, host]), Err(400));
    }
}
