//! Enumerations that WeChat Pay may extend at any time.

use std::fmt;

/// A text that is none of the known values.
///
/// It cannot be made outside, and an open enum's variant for it is hidden: code that matches on an unknown text would
/// break on the day that the text becomes known. Compare [`as_str`](Unknown::as_str) instead.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown(Box<str>);

impl Unknown {
    #[doc(hidden)]
    #[must_use]
    pub fn __new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as it arrived.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Declares an open enumeration: known values and every other text.
///
/// It has `as_str()`, `From<&str>`, `Display`, and serde in both directions; a number or a boolean that arrives where
/// a text is documented is taken as its text.
///
/// ```
/// wxpay_proto::open_enum! {
///     /// State of an order (交易状态).
///     pub enum TradeState {
///         /// `SUCCESS`: paid.
///         Success = "SUCCESS",
///         /// `NOTPAY`: not paid yet.
///         Notpay = "NOTPAY",
///     }
/// }
/// assert_eq!(TradeState::from("SUCCESS"), TradeState::Success);
/// assert_eq!(TradeState::from("NEW_ONE").as_str(), "NEW_ONE");
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident { $($(#[$variant_attribute:meta])* $variant:ident = $text:literal,)* }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_attribute])* $variant,)*
            #[doc(hidden)]
            __Unknown($crate::open_enum::Unknown),
        }

        impl $name {
            /// The values that the documentation lists, in its order.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// The text as it stands in the message.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::__Unknown(text) => text.as_str(),
                }
            }

            /// Whether this version knows the value.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::__Unknown(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::__Unknown($crate::open_enum::Unknown::__new(text)),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::open_enum::__serde::Serialize for $name {
            fn serialize<S: $crate::open_enum::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::open_enum::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::open_enum::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::open_enum::__text(deserializer).map(|text| Self::from(text.as_str()))
            }
        }
    };
}

#[doc(hidden)]
pub use serde as __serde;

/// Below it a float has a whole number's every digit: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a text, or the text of a number or a boolean. A bare number whose digits a float does not keep is left out (an
/// empty text): another number in its place would be worse, and the raw body has it.
#[doc(hidden)]
pub fn __text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;

    impl serde::de::Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_string<E>(self, text: String) -> Result<String, E> {
            Ok(text)
        }

        fn visit_bool<E>(self, value: bool) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_i64<E>(self, value: i64) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_u64<E>(self, value: u64) -> Result<String, E> {
            Ok(value.to_string())
        }

        fn visit_f64<E>(self, value: f64) -> Result<String, E> {
            Ok(if value.abs() < EXACT {
                value.to_string()
            } else {
                String::new()
            })
        }
    }

    deserializer.deserialize_any(Text)
}
