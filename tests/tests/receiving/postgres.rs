//! A PostgreSQL of our own: in a folder of its own, on a free port, as a user that it accepts.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use wxpay_axum::PostgresStore;
use wxpay_axum::sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use wxpay_axum::sqlx::raw_sql;

/// How long it may take until it answers; a second usually.
const START: Duration = Duration::from_secs(60);
const OWNER: &str = "wxpay";
const PASSWORD: &str = "of-this-test-alone";
/// Whom PostgreSQL runs as when the tests run as root, which it refuses.
const USER: &str = "postgres";

/// A running server. It ends with this value, and with the thread that started it, however that ends.
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    port: u16,
    schemas: AtomicU32,
}

impl Server {
    /// Starts one, or says that this machine has none.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = std::env::temp_dir().join(format!("wxpay-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("password"), PASSWORD).expect("a file");
        if is_root() {
            run(Command::new("chown").args(["-R", USER]).arg(&folder));
        }
        run(command(&programs, "initdb", &folder, false)
            .args([
                "--pgdata=data",
                &format!("--username={OWNER}"),
                "--auth=scram-sha-256",
            ])
            .args(["--pwfile=password", "--no-sync", "--no-locale", "--encoding=UTF8"]));
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|socket| socket.local_addr());
        let port = port.expect("a free port").port();
        let log = fs::File::create(folder.join("log")).expect("a log");
        // Its clients are killed, the server and the machine are not.
        let child = command(&programs, "postgres", &folder, true)
            .args([
                "-D",
                "data",
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off",
            ])
            .args(["-c", "unix_socket_directories=", "-c", &format!("port={port}")])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("postgres starts");
        let mut server = Self {
            child,
            folder,
            port,
            schemas: AtomicU32::new(0),
        };
        server.wait();
        Some(server)
    }

    fn wait(&mut self) {
        let started = Instant::now();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        loop {
            let answered = runtime.block_on(PgPool::connect_with(options(self.port)));
            if answered.is_ok() {
                return;
            }
            let ended = self.child.try_wait().expect("its state");
            if ended.is_some() || started.elapsed() > START {
                let log = fs::read_to_string(self.folder.join("log"));
                panic!("PostgreSQL does not start ({ended:?}): {log:?}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A place that nothing else uses: a schema, which is quicker than a database, and as good.
    pub(crate) async fn place(&self) -> String {
        let schema = format!("inbox{}", self.schemas.fetch_add(1, Ordering::Relaxed));
        let server = PgPool::connect_with(options(self.port)).await;
        let sql = format!("CREATE SCHEMA {schema}");
        let made = raw_sql(&sql).execute(&server.expect("a connection")).await;
        made.expect("a schema");
        format!("{} {schema}", self.port)
    }
}

fn options(port: u16) -> PgConnectOptions {
    PgConnectOptions::new()
        .host("127.0.0.1")
        .port(port)
        .username(OWNER)
        .password(PASSWORD)
        .database("postgres")
}

/// A pool at a [`Server::place`].
pub(crate) async fn pool(place: &str) -> PgPool {
    let (port, schema) = place.split_once(' ').expect("a port and a schema");
    let options = options(port.parse().expect("a port")).options([("search_path", schema)]);
    let pool = PgPoolOptions::new().max_connections(6).connect_with(options);
    pool.await.expect("a connection")
}

/// A store at a [`Server::place`].
pub(crate) async fn store(place: &str) -> PostgresStore {
    PostgresStore::new(pool(place).await).await.expect("a store")
}

impl Drop for Server {
    fn drop(&mut self) {
        // A fast shutdown, and then whatever is left.
        let _ = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status();
        let stopping = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && stopping.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of `initdb` and `postgres`: in the path, or where Debian's package keeps them, the newest version first.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file());
    in_path.or_else(|| {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let found = versions.filter_map(|version| {
            let folder = version.ok()?;
            let number: u32 = folder.file_name().to_str()?.parse().ok()?;
            let programs = folder.path().join("bin");
            programs.join("initdb").is_file().then_some((number, programs))
        });
        found.max().map(|(_, programs)| programs)
    })
}

/// A program of PostgreSQL's, in its folder, as its user. `ends_with_us` has it stopped when this thread ends.
fn command(programs: &Path, name: &str, folder: &Path, ends_with_us: bool) -> Command {
    let program = programs.join(name);
    let root = is_root();
    let mut command = if root || (ends_with_us && cfg!(target_os = "linux")) {
        let mut command = Command::new("setpriv");
        if root {
            let user = format!("--reuid={USER}");
            command.args([user.as_str(), "--regid=postgres", "--init-groups"]);
        }
        if ends_with_us {
            command.arg("--pdeathsig=INT");
        }
        command.arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout == b"0\n"
}

fn run(command: &mut Command) {
    let output = command.output().expect("a program");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
