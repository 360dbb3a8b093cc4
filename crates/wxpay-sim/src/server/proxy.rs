//! CONNECT: which hosts lead here, and which may be reached through here.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::hosts;
use super::limits::Limits;
use super::plain::refuse;

/// Where a CONNECT leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// To the simulator, which stands in for one of WeChat Pay's hosts.
    Here,
    /// To this host and port, untouched.
    Tunnel(String),
}

/// Why a CONNECT leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused(StatusCode, String);

impl From<Refused> for Response<Bytes> {
    fn from(Refused(status, problem): Refused) -> Self {
        refuse(status, problem)
    }
}

/// Tells where a CONNECT leads, or refuses it.
pub(super) fn destination<B>(
    request: &Request<B>,
    tunnels: &BTreeSet<String>,
) -> Result<Destination, Refused> {
    let authority = request.uri().authority();
    let named = authority.and_then(|authority| Some((authority.host(), authority.port_u16()?)));
    let Some((host, port)) = named else {
        return Err(Refused(
            StatusCode::BAD_REQUEST,
            "CONNECT wants a host and a port, api.mch.weixin.qq.com:443".to_owned(),
        ));
    };
    let host = host.to_ascii_lowercase();
    if hosts::is_wechats(&host) {
        if port == 443 {
            return Ok(Destination::Here);
        }
        return Err(Refused(
            StatusCode::FORBIDDEN,
            format!("{host} is served at port 443 alone, not at {port}"),
        ));
    }
    let address = format!("{host}:{port}");
    if tunnels.contains(&host) || tunnels.contains(&address) {
        return Ok(Destination::Tunnel(address));
    }
    Err(Refused(
        StatusCode::FORBIDDEN,
        format!(
            "this is the proxy of a simulator of WeChat Pay, and {host} is none of WeChat Pay's hosts. Except it from \
             the client's proxy setting (NO_PROXY={host}), or allow it here (wxpay sim --allow {host})"
        ),
    ))
}

/// Connects to a host that was allowed, and passes bytes on both ways.
pub(super) async fn tunnel(request: Request<Incoming>, address: String, limits: &Limits) -> Response<Bytes> {
    let connected = timeout(limits.headers, TcpStream::connect(&address)).await;
    let problem = match connected {
        Ok(Ok(mut there)) => {
            tokio::spawn(async move {
                if let Ok(upgraded) = hyper::upgrade::on(request).await {
                    // Either side may break it off.
                    let _ = copy_bidirectional(&mut TokioIo::new(upgraded), &mut there).await;
                }
            });
            return Response::new(Bytes::new());
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer".to_owned(),
    };
    refuse(
        StatusCode::BAD_GATEWAY,
        format!("{address} cannot be reached: {problem}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led(authority: &str) -> Result<Destination, (u16, String)> {
        let request = Request::connect(authority).body(()).unwrap();
        let tunnels = ["shop.example", "other.example:8443"].map(str::to_owned).into();
        destination(&request, &tunnels).map_err(|Refused(status, text)| (status.as_u16(), text))
    }

    #[test]
    fn wechats_hosts_lead_here() {
        for host in hosts::all() {
            assert_eq!(led(&format!("{host}:443")), Ok(Destination::Here));
        }
        assert_eq!(led("API.MCH.weixin.qq.com:443"), Ok(Destination::Here));
        let (status, text) = led("api.mch.weixin.qq.com:80").unwrap_err();
        assert!(status == 403 && text.contains("443 alone"), "{text}");
    }

    #[test]
    fn other_hosts_need_leave() {
        assert_eq!(
            led("Shop.example:443"),
            Ok(Destination::Tunnel("shop.example:443".to_owned()))
        );
        assert_eq!(
            led("other.example:8443"),
            Ok(Destination::Tunnel("other.example:8443".to_owned()))
        );
        for host in [
            "other.example:443",
            "api.mch.weixin.qq.com.example:443",
            "127.0.0.1:22",
        ] {
            let (status, text) = led(host).unwrap_err();
            assert!(
                status == 403 && text.contains("none of WeChat Pay's hosts"),
                "{text}"
            );
        }
        assert_eq!(led("shop.example").unwrap_err().0, 400);
    }
}
