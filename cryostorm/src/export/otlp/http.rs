//! OTLP over HTTP, with protobuf bodies.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use prost::Message as _;
use reqwest::{Response, StatusCode};

use super::answer::Answer;
use super::reason::{Secrets, chain};
use super::retry::{Failure, Retry};
use super::spans::Client;
use super::{Otlp, OtlpError};

const PROTOBUF: &str = "application/x-protobuf";

/// The most bytes of an answer.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;
/// The most bytes of what is said of an error.
const LONGEST_ERROR: usize = 64 * 1024;

/// `google.rpc.Status`, as far as it is looked at.
#[derive(Clone, PartialEq, prost::Message)]
struct ErrorBody {
    #[prost(string, tag = "2")]
    message: String,
}

/// A client of one server. Connects when it first sends.
pub(super) struct HttpClient {
    client: reqwest::Client,
    url: reqwest::Url,
    secrets: Secrets,
}

impl HttpClient {
    pub(super) fn new(otlp: &Otlp) -> Result<Self, OtlpError> {
        let client = otlp.client()?;
        // Made once, so that what is no URL is an error now.
        let url = client.post(format!("{}/v1/traces", otlp.url)).build()?.url().clone();
        Ok(Self { client, url, secrets: otlp.secrets() })
    }

    async fn failure(&self, response: Response) -> Failure {
        let status = response.status();
        let retry = retry(status, response.headers());
        let what = format!("HTTP status {status}");
        // Any other is a page of somebody in between.
        let is_protobuf = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == PROTOBUF);
        let body = if is_protobuf { read(response, LONGEST_ERROR).await.ok() } else { None };
        let said = body.and_then(|body| ErrorBody::decode(body).ok()).unwrap_or_default();
        Failure { reason: self.secrets.with_message(what, &said.message), retry }
    }
}

impl Client for HttpClient {
    async fn send(&self, spans: Bytes) -> Result<Answer, Failure> {
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, PROTOBUF).body(spans);
        let response = request.send().await.map_err(no_answer)?;
        if !response.status().is_success() {
            return Err(self.failure(response).await);
        }
        // They have arrived, whatever it is that is answered.
        let answer = read(response, LONGEST_ANSWER).await.unwrap_or_default();
        Ok(Answer::decode(answer).unwrap_or_default())
    }

    fn secrets(&self) -> &Secrets {
        &self.secrets
    }
}

/// The body, if it is no longer than `most`.
async fn read(mut response: Response, most: usize) -> Result<Bytes, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > most {
            let reason = format!("the answer is longer than {most} bytes");
            return Err(Failure { reason, retry: Retry::Never });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

fn no_answer(error: reqwest::Error) -> Failure {
    // Who reads this knows the URL.
    Failure { reason: chain(&error.without_url()), retry: Retry::Soon }
}

/// As the OTLP specification says.
fn retry(status: StatusCode, headers: &HeaderMap) -> Retry {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            headers.get(RETRY_AFTER).and_then(delay).map_or(Retry::Soon, Retry::After)
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => Retry::Soon,
        _ => Retry::Never,
    }
}

/// Seconds, or a date.
fn delay(value: &HeaderValue) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let until_date = || httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).ok();
    text.parse().ok().map(Duration::from_secs).or_else(until_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(status: StatusCode, retry_after: &str) -> Retry {
        let value = HeaderValue::from_str(retry_after).unwrap();
        retry(status, &HeaderMap::from_iter([(RETRY_AFTER, value)]))
    }

    #[test]
    fn only_what_may_get_better_is_tried_again() {
        let retry = |code| retry(StatusCode::from_u16(code).unwrap(), &HeaderMap::new());
        for code in [429, 502, 503, 504] {
            assert_eq!(retry(code), Retry::Soon, "{code}");
        }
        for code in [307, 400, 401, 404, 413, 500, 501] {
            assert_eq!(retry(code), Retry::Never, "{code}");
        }
    }

    #[test]
    fn a_delay_is_a_number_of_seconds_or_a_date() {
        let busy = StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(after(busy, "120"), Retry::After(Duration::from_secs(120)));
        assert_eq!(after(StatusCode::TOO_MANY_REQUESTS, " 0 "), Retry::After(Duration::ZERO));
        let in_an_hour = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600));
        assert!(matches!(after(busy, &in_an_hour), Retry::After(delay) if delay > Duration::from_secs(3000)));
        for other in ["Sun, 06 Nov 1994 08:49:37 GMT", "-1", "soon", "99999999999999999999999"] {
            assert_eq!(after(busy, other), Retry::Soon, "{other}");
        }
        assert_eq!(after(StatusCode::BAD_GATEWAY, "120"), Retry::Soon);
        assert_eq!(after(StatusCode::BAD_REQUEST, "120"), Retry::Never);
    }
}
