//! v2's failures (protocol section 7.6): of the communication (`return_code`), or of the business (`result_code`).

use super::xml::Fields;
use crate::error_code::ErrorCode;
use crate::protocol::{Question, RawAnswer};
use crate::refusal::ApiError;
use crate::retry_after::retry_after;

pub(super) fn refusal(answer: &RawAnswer, fields: &Fields, question: Question) -> ApiError {
    let text = |name: &str| fields.get(name).filter(|text| !text.is_empty()).cloned();
    let return_msg = text("return_msg").filter(|message| message != "OK");
    // Downloads say `error_code`; some communication failures put a code into `return_msg` instead of words.
    let code = text("err_code").or_else(|| text("error_code"));
    let code = code.or_else(|| {
        return_msg
            .clone()
            .filter(|text| ErrorCode::classify(text).is_known())
    });
    ApiError {
        operation: question.operation,
        status: answer.status.as_u16(),
        code,
        message: text("err_code_des").or(return_msg),
        detail: None,
        request_id: answer.request_id().map(str::to_owned),
        retry_after: retry_after(&answer.headers),
        authentic: false,
        body: answer.body.clone(),
        effect: question.effect,
    }
}
