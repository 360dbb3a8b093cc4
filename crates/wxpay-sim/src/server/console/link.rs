//! What a user has who is to pay: the text of a code, a `prepay_id`, or the address of an H5 payment.

use super::form;

/// Where H5 payments begin.
const H5: &str = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb";

/// What leads to an order, and where the user goes then.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// As the platform knows it.
    pub(super) handle: String,
    /// The shop's `redirect_url`, when it is a web page's.
    pub(super) back: Option<String>,
}

impl Link {
    /// Reads what a user pastes.
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let query = text.strip_prefix(H5).and_then(|rest| rest.strip_prefix('?'));
        query.map_or_else(
            || Self {
                handle: text.to_owned(),
                back: None,
            },
            Self::h5,
        )
    }

    /// Reads the query of an H5 payment's address. Shops add to it, and programs that put it together anew change the
    /// order: what names the payment is read wherever it stands.
    pub(super) fn h5(query: &str) -> Self {
        let pairs: Vec<(String, String)> = form::pairs(query).collect();
        let given = |wanted: &str| {
            let mut found = pairs.iter().filter(|(name, _)| name == wanted);
            found.next().map(|(_, text)| text.as_str())
        };
        let named: Vec<String> = ["prepay_id", "package"]
            .into_iter()
            .filter_map(|name| given(name).map(|text| format!("{name}={text}")))
            .collect();
        Self {
            handle: format!("{H5}?{}", named.join("&")),
            back: given("redirect_url").filter(|url| is_web(url)).map(str::to_owned),
        }
    }
}

/// Whether an address is a web page's: nothing that a browser would run, and no file.
fn is_web(url: &str) -> bool {
    let begins = |scheme: &str| {
        let begin = url.get(..scheme.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    (begins("https://") || begins("http://")) && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_the_payment_is_read_wherever_it_stands() {
        let handle = format!("{H5}?prepay_id=wx1&package=2");
        for query in [
            "prepay_id=wx1&package=2",
            "prepay_id=wx1&package=2&redirect_url=",
            "package=2&redirect_url=javascript%3Aalert(1)&prepay_id=wx1&from=shop",
            "prepay_id=wx1&package=2&redirect_url=//shop.example/",
            "prepay_id=wx1&package=2&redirect_url=https%3A%2F%2Fshop.example%0A",
        ] {
            let wanted = Link {
                handle: handle.clone(),
                back: None,
            };
            assert_eq!(Link::h5(query), wanted, "{query}");
        }
        let link = Link::read(&format!(
            " {handle}&redirect_url=HTTPS%3A%2F%2Fshop.example%2F%3Fa%3Db%26c%3Dd%23e "
        ));
        assert_eq!(link.handle, handle);
        assert_eq!(link.back.as_deref(), Some("HTTPS://shop.example/?a=b&c=d#e"));
        let code = Link::read("weixin://wxpay/bizpayurl?pr=a&redirect_url=https%3A%2F%2Fx");
        assert_eq!(code.back, None);
        assert!(code.handle.starts_with("weixin://wxpay/bizpayurl?pr=a"));
    }
}
