//! Which hosts a request is signed for.
//!
//! The host is not part of the signed message, so whoever receives a signed request can replay it against WeChat
//! Pay. A request is therefore rendered for WeChat Pay's own hosts only; a test server takes their place through a
//! [`BaseUrl`] that the user sets, never through an address that arrives in an answer (protocol sections 1.8 and 8).

use std::fmt;

use http::uri::{Authority, PathAndQuery, Scheme, Uri};

/// One of WeChat Pay's API hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Host(&'static str);

impl Host {
    /// `api.mch.weixin.qq.com`: the default.
    pub const API: Self = Self("api.mch.weixin.qq.com");
    /// `api2.mch.weixin.qq.com`: the backup at another site.
    pub const API2: Self = Self("api2.mch.weixin.qq.com");
    /// `api2.wechatpay.cn`: the backup under its newer name.
    pub const API2_WECHATPAY: Self = Self("api2.wechatpay.cn");
    /// `apihk.mch.weixin.qq.com`: global operations.
    pub const API_HK: Self = Self("apihk.mch.weixin.qq.com");
    /// `fraud.mch.weixin.qq.com`: v2's risk and identity operations.
    pub const FRAUD: Self = Self("fraud.mch.weixin.qq.com");
    /// `payapp.mch.weixin.qq.com`: pages for a browser.
    pub const PAYAPP_MCH: Self = Self("payapp.mch.weixin.qq.com");
    /// `payapp.weixin.qq.com`: face payment.
    pub const PAYAPP: Self = Self("payapp.weixin.qq.com");

    /// Every host that requests are signed for.
    pub const ALL: &[Self] = &[
        Self::API,
        Self::API2,
        Self::API_HK,
        Self("apius.mch.weixin.qq.com"),
        Self("api.wechatpay.cn"),
        Self::API2_WECHATPAY,
        Self("download-service.wechatpay.cn"),
        Self::FRAUD,
        Self::PAYAPP_MCH,
        Self::PAYAPP,
    ];

    /// The main host and its backups, in the order in which they are tried: each serves the same operations but the
    /// global ones.
    pub const SAME_SERVICE: [Self; 3] = [Self::API, Self::API2, Self::API2_WECHATPAY];

    /// Finds the host by its name, in any case.
    ///
    /// # Errors
    /// [`ForeignHost`] when it is not one of [`Host::ALL`].
    pub fn find(name: &str) -> Result<Self, ForeignHost> {
        let found = Self::ALL.iter().find(|host| host.0.eq_ignore_ascii_case(name));
        found.copied().ok_or_else(|| ForeignHost {
            host: name.to_owned(),
        })
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// It as a part of addresses.
    pub(crate) fn authority(self) -> Authority {
        // Invariant: every name above is one, and a test makes an address with each.
        Authority::from_static(self.0)
    }

    /// Splits an absolute address, such as a `download_url`, into its host and the request target, verbatim.
    ///
    /// # Errors
    /// [`ForeignHost`] when it is not `https://`, names a user or a port other than 443, or is not on one of
    /// WeChat Pay's hosts.
    pub fn split(url: &str) -> Result<(Self, &str), ForeignHost> {
        let foreign = || ForeignHost {
            host: url.split(['?', '#']).next().unwrap_or_default().to_owned(),
        };
        let scheme = url
            .get(..8)
            .filter(|scheme| scheme.eq_ignore_ascii_case("https://"));
        let rest = scheme.and_then(|_| url.get(8..)).ok_or_else(foreign)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let name = authority.strip_suffix(":443").unwrap_or(authority);
        let host = Self::find(name).map_err(|_| foreign())?;
        Ok((host, target.split('#').next().unwrap_or_default()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// An address that is not WeChat Pay's: nothing is signed for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{host:?} is not one of WeChat Pay's hosts (https only): a signed request sent there could be replayed"
)]
pub struct ForeignHost {
    host: String,
}

/// Where a test server stands in for all of WeChat Pay's hosts: `https://` and an authority, nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Authority);

impl BaseUrl {
    /// Reads `https://host[:port]`; one slash at the end is let through.
    ///
    /// # Errors
    /// [`InvalidBaseUrl`] when it is not https, or has a user, a path or a query: a path in front would change the
    /// signed target.
    pub fn new(text: &str) -> Result<Self, InvalidBaseUrl> {
        let invalid = || InvalidBaseUrl {
            found: text.to_owned(),
        };
        let uri: Uri = text.parse().map_err(|_| invalid())?;
        let parts = uri.into_parts();
        let bare = parts.path_and_query.is_none_or(|path| path == "/");
        match (parts.scheme, parts.authority) {
            (Some(scheme), Some(authority))
                if scheme == Scheme::HTTPS && bare && !authority.as_str().contains('@') =>
            {
                Ok(Self(authority))
            }
            _ => Err(invalid()),
        }
    }

    /// The address of `target` at this server.
    pub(crate) fn uri(&self, target: &PathAndQuery) -> Uri {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(Scheme::HTTPS);
        parts.authority = Some(self.0.clone());
        parts.path_and_query = Some(target.clone());
        // Invariant: scheme, authority and path are all present, which is all that `from_parts` asks for.
        #[expect(clippy::expect_used, reason = "the invariant above")]
        Uri::from_parts(parts).expect("scheme, authority and path make an address")
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.0)
    }
}

/// A text that cannot be a base address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is no base address: wanted https://host or https://host:port, without a path")]
pub struct InvalidBaseUrl {
    found: String,
}
