//! The real binary as a process, and a load on it whose every outcome is remembered.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::harness::{JWT_SECRET, MASTER_KEY, Server, Venue};
use crate::requests::Call;

/// `coinslot` with the secrets of the harness, and of our environment only where `make coverage` wants its counts.
pub(crate) fn coinslot(database_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coinslot"));
    command
        .env_clear()
        .envs(std::env::var_os("LLVM_PROFILE_FILE").map(|path| ("LLVM_PROFILE_FILE", path)))
        .env("DATABASE_URL", database_url)
        .env("JWT_SECRET", JWT_SECRET)
        .env("MASTER_ENCRYPTION_KEY", MASTER_KEY)
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

/// A serving process.
pub(crate) struct Process {
    child: Child,
    pub(crate) base_url: String,
}

impl Process {
    pub(crate) async fn start(database_url: &str) -> Self {
        let mut command = coinslot(database_url);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::serve(command).await
    }

    /// Starts a `serve` command and waits until it listens.
    pub(crate) async fn serve(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base_url = loop {
            let line = lines.next_line().await.unwrap().expect("the server says where it listens");
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        // Whatever else it says must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Process { child, base_url }
    }

    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) async fn terminate(mut self) -> std::process::ExitStatus {
        let pid = i32::try_from(self.child.id().unwrap()).unwrap();
        kill(Pid::from_raw(pid), Signal::SIGTERM).unwrap();
        self.child.wait().await.unwrap()
    }
}

/// What is known of a session: the answers with a status, and whether one is missing.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) call: Call,
    pub(crate) answer: Option<(u16, serde_json::Value)>,
}

/// Clients that ask for new sessions until they are stopped.
pub(crate) struct Load {
    asked: Arc<Mutex<BTreeMap<String, Asked>>>,
    answered: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    /// `clients` at a time, each with a session of `venues` in turn, for two players.
    pub(crate) fn start(server: &Server, base_url: &str, venues: &[Venue], clients: usize) -> Self {
        let mut load = Load {
            asked: Arc::default(),
            answered: Arc::default(),
            stopped: Arc::default(),
            clients: Vec::new(),
        };
        for n in 0..clients {
            let (client, clock) = (server.client.clone(), server.app.clock().clone());
            let (venue, base_url) = (venues[n % venues.len()].clone(), base_url.to_owned());
            let (asked, answered) = (Arc::clone(&load.asked), Arc::clone(&load.answered));
            let stopped = Arc::clone(&load.stopped);
            load.clients.push(tokio::spawn(async move {
                while !stopped.load(Ordering::Relaxed) {
                    let call = Call::authorize_at(clock.now(), &venue, 2);
                    let session = call.session().to_owned();
                    let first = Asked { call: call.clone(), answer: None };
                    asked.lock().unwrap().insert(session.clone(), first);
                    let answer = ask(&client, &base_url, &call).await;
                    if answer.is_none() && !stopped.load(Ordering::Relaxed) {
                        // Nobody listens; asking on would only fill the list.
                        tokio::task::yield_now().await;
                        return;
                    }
                    asked.lock().unwrap().get_mut(&session).unwrap().answer = answer;
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        load
    }

    pub(crate) fn answered(&self) -> usize {
        self.answered.load(Ordering::Relaxed)
    }

    /// Waits until so many more requests are answered.
    pub(crate) async fn answer_more(&self, count: usize) {
        let target = self.answered() + count;
        crate::scratch::wait_for("the load is answered", async || (self.answered() >= target).then_some(()))
            .await;
    }

    /// Stops the clients after the request each has in flight, and tells what became of every session.
    pub(crate) async fn finish(self) -> BTreeMap<String, Asked> {
        self.stopped.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.unwrap();
        }
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// Sends a call; no answer is `None`.
pub(crate) async fn ask(
    client: &reqwest::Client,
    base_url: &str,
    call: &Call,
) -> Option<(u16, serde_json::Value)> {
    let response = call.build(client, base_url).send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, response.json().await.ok()?))
}
