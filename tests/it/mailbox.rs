//! What operators have been told, for the tests of those who tell them.

use base::ids::OperatorId;
use serde_json::Value;

use crate::harness::{Answer, Server};
use crate::people::Person;

impl Server {
    /// Titles and contents of an operator's messages of a type, oldest first.
    pub(crate) async fn told(&self, operator_id: OperatorId, kind: &str) -> Vec<(String, String)> {
        sqlx::query_as("SELECT title, content FROM messages WHERE operator_id = $1 AND type = $2 ORDER BY id")
            .bind(operator_id)
            .bind(kind)
            .fetch_all(&mut self.owner().await)
            .await
            .unwrap()
    }

    pub(crate) async fn messages(&self, person: &Person, query: &str) -> Answer {
        let answer = person.get(self, &format!("/v1/operators/me/messages{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer
    }
}

impl Answer {
    /// One field of every item of a page.
    pub(crate) fn column(&self, field: &str) -> Vec<&Value> {
        self.body["items"].as_array().unwrap().iter().map(|item| &item[field]).collect()
    }
}
