//! Requests as bytes, each freshly signed.

use super::{
    credentials::Credentials,
    http::{Request, put},
    operator::Operator,
    session::Session,
};

const AUTHORIZE_PATH: &str = "/v1/auth/game/authorize";
const CONFIG_PATH: &str = "/v1/auth/game/config";

/// Buffers for one request at a time, kept so that a request allocates next to nothing.
#[derive(Debug, Default)]
pub(super) struct RequestBuffer {
    pub(super) bytes: Vec<u8>,
    /// The session id of the request in `bytes`.
    pub(super) session_id: String,
    body: Vec<u8>,
}

impl RequestBuffer {
    /// Replaces the content with a request for this session, signed with the time of now.
    pub(super) fn write_authorize(&mut self, operator: &Operator, session: &Session, host: &str) {
        self.session_id = session.id(&operator.id);
        self.body.clear();
        put(
            &mut self.body,
            format_args!(
                r#"{{"app_id":"{}","site_id":"{}","player_count":{}}}"#,
                operator.apps[usize::from(session.app)].id,
                operator.sites[usize::from(session.site)],
                session.players
            ),
        );
        let (method, path, body) = ("POST", AUTHORIZE_PATH, self.body.as_slice());
        let signed = operator.credentials.sign(method, path, body);
        let session_id = &self.session_id;
        Request { method, path, host, headers: format_args!("{signed}X-Session-ID: {session_id}\r\n"), body }
            .write(&mut self.bytes);
    }
}

/// Replaces the content of `buffer` with a request for the configuration of a key.
pub(super) fn write_config_request(buffer: &mut Vec<u8>, credentials: &Credentials, host: &str) {
    let (method, path) = ("GET", CONFIG_PATH);
    let signed = credentials.sign(method, path, b"");
    Request { method, path, host, headers: format_args!("{signed}"), body: b"" }.write(buffer);
}
