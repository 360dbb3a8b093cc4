//! Whose appid is signed in partner mode (服务商模式).

use crate::front_end::ParameterError;

/// The appid to sign in partner mode: the one that the payer's openid belongs to. That is `sub_appid` when the order
/// was created with `sub_openid`, and otherwise `sp_appid`. The key is the partner's in both cases.
///
/// # Errors
/// [`ParameterError`] when there is a `sub_openid` and no `sub_appid`, which no order can have been created with.
pub fn partner_appid<'a>(
    sp_appid: &'a str,
    sub_appid: Option<&'a str>,
    sub_openid: Option<&str>,
) -> Result<&'a str, ParameterError> {
    match sub_openid.filter(|openid| !openid.is_empty()) {
        None => Ok(sp_appid),
        Some(_) => sub_appid.filter(|appid| !appid.is_empty()).ok_or(ParameterError {
            name: "sub_appid",
            problem: "is missing, though the payer is named by a sub_openid",
        }),
    }
}
