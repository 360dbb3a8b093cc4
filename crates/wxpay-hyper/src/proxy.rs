//! HTTP proxies, by CONNECT: the proxy sees the host's name and nothing else.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use tower_service::Service;
use zeroize::Zeroizing;

use crate::connect::{Dial, Io, Opening};
use crate::error::ConfigError;
use crate::keys::BoxError;

/// An HTTP proxy that connections go through, by `CONNECT`. TLS runs inside: the proxy sees the name of the host, and
/// neither requests nor keys.
///
/// ```
/// use wxpay_hyper::Proxy;
///
/// let proxy = Proxy::new("http://proxy.example:3128")?
///     .credentials("shop", "its password")
///     .except("localhost,.internal,10.0.0.0/8");
/// assert!(!format!("{proxy:?}").contains("password"));
/// # Ok::<(), wxpay_hyper::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    address: Uri,
    authorization: Option<HeaderValue>,
    except: String,
}

impl Proxy {
    /// Takes `http://host:port`; a user and password may stand in it, percent-encoded, as in `http://user:password@host`.
    /// Without a port it is 80.
    ///
    /// # Errors
    /// [`ConfigError::Proxy`] when it is no such address. Proxies that are themselves reached by TLS or SOCKS are not
    /// spoken to; a [connector](crate::ClientBuilder::connector) of your own can.
    pub fn new(address: &str) -> Result<Self, ConfigError> {
        let problem = |problem: &str| ConfigError::Proxy {
            problem: problem.to_owned(),
        };
        let wanted = "wanted http://host:port";
        // What does not parse is not shown: it may hold the password.
        let uri: Uri = address.trim().parse().map_err(|_| problem(wanted))?;
        let authority = uri.authority().ok_or_else(|| problem(wanted))?;
        if uri.scheme_str().is_some_and(|scheme| scheme != "http") {
            return Err(problem(
                "only proxies at http:// are spoken to; give the client a connector of its own for others",
            ));
        }
        let host = authority.host();
        if host.is_empty() || uri.query().is_some() || !matches!(uri.path(), "" | "/") {
            return Err(problem(wanted));
        }
        let port = match (authority.port(), authority.as_str().ends_with(host)) {
            (Some(port), _) => port.as_u16(),
            (None, true) => 80,
            (None, false) => return Err(problem(wanted)),
        };
        let bare = format!("http://{host}:{port}/");
        let proxy = Self {
            address: bare.parse().map_err(|_| problem(wanted))?,
            authorization: None,
            except: String::new(),
        };
        let Some((user_info, _)) = authority.as_str().rsplit_once('@') else {
            return Ok(proxy);
        };
        let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
        let decoded = |text| Zeroizing::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
        Ok(proxy.credentials(&decoded(user), &decoded(password)))
    }

    /// The user and password that the proxy asks for (`Proxy-Authorization: Basic`). They go to the proxy only, and
    /// unencrypted: that is what Basic does.
    #[must_use]
    pub fn credentials(mut self, user: &str, password: &str) -> Self {
        let pair = Zeroizing::new(format!("{user}:{password}"));
        let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        // Base64 always stands in a header.
        self.authorization = HeaderValue::from_str(&text).ok().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        self
    }

    /// Hosts that are reached without the proxy: names, domains (with what is below them), addresses and networks,
    /// separated by commas, or `*` for all: the form of `NO_PROXY`.
    #[must_use]
    pub fn except(mut self, hosts: impl Into<String>) -> Self {
        self.except = hosts.into();
        self
    }

    /// What the environment says, in the form that curl reads: `HTTPS_PROXY` or `ALL_PROXY`, and `NO_PROXY`, each also in
    /// small letters. None when it names no proxy.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub(crate) fn from_environment(
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ConfigError> {
        let first = |names: [&str; 2]| {
            let mut found = names.iter().filter_map(|name| read(name));
            found.find(|value| !value.trim().is_empty())
        };
        let address = first(["HTTPS_PROXY", "https_proxy"]).or_else(|| first(["ALL_PROXY", "all_proxy"]));
        let Some(address) = address.map(Zeroizing::new) else {
            return Ok(None);
        };
        // curl takes an address without a scheme for http.
        let address = match address.contains("://") {
            true => address,
            false => Zeroizing::new(format!("http://{}", *address)),
        };
        let proxy = Self::new(&address)?;
        Ok(Some(
            proxy.except(first(["NO_PROXY", "no_proxy"]).unwrap_or_default()),
        ))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("address", &self.address)
            .field("credentials", &self.authorization.is_some())
            .field("except", &self.except)
            .finish()
    }
}

/// Opens streams through a proxy, and straight to those hosts that it is not for.
pub(crate) struct ThroughProxy {
    tunnel: Tunnel<HttpConnector>,
    direct: HttpConnector,
    matcher: Matcher,
    name: String,
}

impl ThroughProxy {
    pub(crate) fn new(proxy: Proxy, tcp: HttpConnector) -> Self {
        let name = proxy
            .address
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default();
        let matcher = Matcher::builder()
            .https(format!("http://{name}"))
            .no(proxy.except)
            .build();
        let tunnel = Tunnel::new(proxy.address, tcp.clone());
        let tunnel = match proxy.authorization {
            Some(value) => tunnel.with_auth(value),
            None => tunnel,
        };
        Self {
            tunnel,
            direct: tcp,
            matcher,
            name,
        }
    }
}

impl Dial for ThroughProxy {
    fn open(&self, host: Uri) -> Opening<Box<dyn Io>> {
        if self.matcher.intercept(&host).is_none() {
            return crate::connect::straight(self.direct.clone(), host);
        }
        let mut tunnel = self.tunnel.clone();
        let name = self.name.clone();
        Box::pin(async move {
            let stream = tunnel.call(host).await;
            let stream = stream.map_err(|error| ProxyFailed {
                name,
                source: error.into(),
            })?;
            Ok(Box::new(stream) as Box<dyn Io>)
        })
    }
}

/// The proxy let nothing through. Which proxy, without its credentials.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {name}")]
struct ProxyFailed {
    name: String,
    source: BoxError,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Result<Option<Proxy>, ConfigError> {
        Proxy::from_environment(|name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_address_is_read_with_its_credentials_and_shows_none() {
        let proxy = Proxy::new("http://shop:p%40ss@proxy.example:3128/").unwrap();
        assert_eq!(proxy.address, "http://proxy.example:3128/");
        let authorization = proxy.authorization.as_ref().unwrap();
        assert_eq!(authorization, &format!("Basic {}", STANDARD.encode("shop:p@ss")));
        let shown = format!("{proxy:?} {authorization:?}");
        assert!(!shown.contains("ss@") && !shown.contains("Basic"), "{shown}");
        assert_eq!(Proxy::new("http://[::1]").unwrap().address, "http://[::1]:80/");
    }

    #[test]
    fn what_is_no_http_proxy_is_refused_and_not_repeated() {
        for address in [
            "",
            "proxy:x:y",
            "https://shop:hidden@proxy",
            "socks5://shop:hidden@proxy:1080",
            "http://shop:hidden@proxy/path",
            "http://shop:hidden@proxy:notaport",
        ] {
            let error = Proxy::new(address).unwrap_err().to_string();
            assert!(
                error.contains("proxy") && !error.contains("hidden"),
                "{address}: {error}"
            );
        }
    }

    #[test]
    fn the_environment_is_read_as_curl_reads_it() {
        assert!(environment(&[("NO_PROXY", "*")]).unwrap().is_none());
        assert!(environment(&[("HTTPS_PROXY", " ")]).unwrap().is_none());
        let proxy = environment(&[
            ("https_proxy", "proxy:8080"),
            ("ALL_PROXY", "http://other"),
            ("no_proxy", "a.example"),
        ]);
        let proxy = proxy.unwrap().unwrap();
        assert_eq!(proxy.address, "http://proxy:8080/");
        let through = ThroughProxy::new(proxy, HttpConnector::new());
        let proxied = |host| through.matcher.intercept(&Uri::from_static(host)).is_some();
        assert!(proxied("https://api.mch.weixin.qq.com/"));
        assert!(!proxied("https://a.example/") && !proxied("https://b.a.example/"));
        assert!(environment(&[("ALL_PROXY", "socks5://proxy")]).is_err());
    }
}
