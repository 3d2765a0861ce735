/// Private database servers for tests and benchmarks, on loopback and free ports. Each has its own folder, which is deleted with it.
module Servers

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Sockets
open System.Threading

/// Tests do not need durability, so they turn fsync off. Benchmarks measure it, so they leave it on.
type Purpose =
    | Tests
    | Bench

/// How to start, stop and connect to a database server.
type Database = {
    Name: string
    /// Its name on the command line (--database).
    Argument: string
    Packages: string
    /// The connection pooler that tests start themselves.
    Pooler: string option
    /// The folder with its programs, if it is installed.
    Programs: unit -> string option
    /// The user that owns its folder and runs it when the tests run as root, because the server refuses to run as root.
    Owner: string
    /// The commands that create the data folder. Parameters: programs, folder.
    Init: string -> string -> string list list
    /// The command that runs the server. Parameters: programs, folder, port.
    Serve: string -> string -> int -> string list
    /// Command-line options for a purpose.
    Tuning: Purpose -> string list
    /// The command that checks whether the server is ready, or makes it ready. Parameters: programs, folder, port.
    Ping: string -> string -> int -> string list
    /// The signal for a fast, orderly shutdown.
    Stop: string
    Variable: Purpose -> string
    ConnectionString: int -> string
}

type Server = {
    Database: Database
    Folder: string
    Port: int
    /// Starts it and waits until it is ready.
    Start: unit -> Process
    /// The lock for starting and stopping it.
    Gate: obj
    mutable Process: Process
    mutable Ended: bool
}

let private isRoot = Environment.UserName = "root"

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

let private start owner (command: string list) =
    let words =
        if isRoot then
            "setpriv"
            :: $"--reuid={owner}"
            :: $"--regid={owner}"
            :: "--init-groups"
            :: command
        else
            command

    let info =
        ProcessStartInfo(
            words.Head,
            words.Tail,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath()
        )

    let running = Process.Start info
    let output = Text.StringBuilder()

    let append (line: string) =
        if not (isNull line) then
            lock output (fun () -> output.AppendLine line |> ignore)

    running.OutputDataReceived.Add(fun line -> append line.Data)
    running.ErrorDataReceived.Add(fun line -> append line.Data)
    running.BeginOutputReadLine()
    running.BeginErrorReadLine()
    running, (fun () -> lock output (fun () -> output.ToString()))

let private succeeds owner command =
    let running, output = start owner command
    use running = running
    running.WaitForExit()
    running.ExitCode = 0, output ()

let private runOrFail owner command =
    match succeeds owner command with
    | true, _ -> ()
    | false, output -> failwith $"{List.head command} failed: {output}"

let private firstFolder folders =
    folders |> Seq.filter Directory.Exists |> Seq.sortDescending |> Seq.tryHead

let private postgres = {
    Name = "PostgreSQL"
    Argument = "postgres"
    Packages = "postgresql pgbouncer"
    Pooler = Some "/usr/sbin/pgbouncer"
    Programs =
        fun () ->
            if Directory.Exists "/usr/lib/postgresql" then
                Directory.EnumerateDirectories "/usr/lib/postgresql"
                |> Seq.map (fun version -> Path.Combine(version, "bin"))
                |> firstFolder
            else
                None
    Owner = "postgres"
    Init =
        fun programs folder -> [
            [
                $"{programs}/initdb"
                "--pgdata"
                $"{folder}/data"
                "--username=gopher"
                "--auth=trust"
                "--encoding=UTF8"
                "--locale=C"
                "--no-sync"
            ]
        ]
    Serve =
        fun programs folder port -> [
            $"{programs}/postgres"
            "-D"
            $"{folder}/data"
            "-p"
            string port
            "-c"
            "listen_addresses=127.0.0.1"
            "-c"
            $"unix_socket_directories={folder}"
            "-c"
            "max_connections=400"
        ]
    Tuning =
        function
        | Tests -> [ "-c"; "fsync=off" ]
        | Bench -> [
            "-c"
            "fsync=on"
            "-c"
            "shared_buffers=1GB"
            "-c"
            "max_wal_size=4GB"
            "-c"
            "max_connections=1000"
          ]
    Ping = fun programs _ port -> [ $"{programs}/pg_isready"; "-h"; "127.0.0.1"; "-p"; string port ]
    Stop = "-INT"
    Variable =
        function
        | Tests -> "GFLOW_TEST_POSTGRES"
        | Bench -> "GFLOW_BENCH_POSTGRES"
    ConnectionString = fun port -> $"Host=127.0.0.1;Port={port};Username=gopher;Database=postgres"
}

let private mariaDb =
    let password = "gopher"

    {
        Name = "MariaDB"
        Argument = "mariadb"
        Packages = "mariadb-server"
        Pooler = None
        Programs =
            fun () ->
                if File.Exists "/usr/sbin/mariadbd" then
                    Some "/usr"
                else
                    None
        Owner = "mysql"
        Init =
            fun programs folder -> [
                [
                    $"{programs}/bin/mariadb-install-db"
                    "--no-defaults"
                    $"--datadir={folder}/data"
                    "--auth-root-authentication-method=normal"
                    "--skip-test-db"
                ]
            ]
        Serve =
            fun programs folder port -> [
                $"{programs}/sbin/mariadbd"
                "--no-defaults"
                $"--datadir={folder}/data"
                $"--port={port}"
                "--bind-address=127.0.0.1"
                $"--socket={folder}/socket"
                $"--pid-file={folder}/pid"
                "--max-connections=400"
            ]
        Tuning =
            function
            | Tests -> [ "--innodb-flush-log-at-trx-commit=0" ]
            | Bench -> [
                "--innodb-flush-log-at-trx-commit=1"
                "--innodb-buffer-pool-size=1G"
                "--innodb-log-file-size=1G"
                "--innodb-io-capacity=2000"
                "--max-connections=1000"
              ]
        Ping =
            fun programs folder _ -> [
                $"{programs}/bin/mariadb"
                "--no-defaults"
                $"--socket={folder}/socket"
                "--user=root"
                "--execute"
                $"CREATE USER IF NOT EXISTS gopher@'127.0.0.1' IDENTIFIED BY '{password}'; GRANT ALL ON *.* TO gopher@'127.0.0.1' WITH GRANT OPTION"
            ]
        Stop = "-TERM"
        Variable =
            function
            | Tests -> "GFLOW_TEST_MARIADB"
            | Bench -> "GFLOW_BENCH_MARIADB"
        ConnectionString =
            fun port -> $"Server=127.0.0.1;Port={port};User ID=gopher;Password={password};SslMode=none;CharSet=utf8mb4"
    }

let private aptGet (words: string) =
    let info = ProcessStartInfo("apt-get", words.Split ' ')
    info.Environment["DEBIAN_FRONTEND"] <- "noninteractive"
    use running = Process.Start info
    running.WaitForExit()

let private install database =
    if isRoot && File.Exists "/usr/bin/apt-get" then
        printfn "> installing %s" database.Packages
        aptGet "update"
        aptGet $"install -y --no-install-recommends {database.Packages}"

let private waitUntilReady database programs folder port (running: Process) output =
    let deadline = DateTime.UtcNow.AddSeconds 60.

    let rec ping () =
        if running.HasExited then
            failwith $"{database.Name} ended at once: {output ()}"
        elif fst (succeeds database.Owner (database.Ping programs folder port)) then
            ()
        elif DateTime.UtcNow > deadline then
            failwith $"{database.Name} is not ready after a minute: {output ()}"
        else
            Thread.Sleep 100
            ping ()

    ping ()

let private halt server =
    if not server.Process.HasExited then
        use signal =
            Process.Start("kill", [ server.Database.Stop; string server.Process.Id ])

        signal.WaitForExit()

        if not (server.Process.WaitForExit(TimeSpan.FromSeconds 20.)) then
            server.Process.Kill(entireProcessTree = true)
            server.Process.WaitForExit()

let private stop server =
    lock server.Gate (fun () ->
        server.Ended <- true
        halt server
        server.Process.Dispose())

    if Directory.Exists server.Folder then
        Directory.Delete(server.Folder, recursive = true)

/// Keeps the server running, except while a file "away" exists in its folder. The crash tests use this to restart it.
let private supervise server =
    let sync () =
        match File.Exists(Path.Combine(server.Folder, "away")), server.Process.HasExited with
        | true, false -> halt server
        | false, true ->
            // If the start fails, the ended process stays in place for the next attempt.
            let ended = server.Process
            server.Process <- server.Start()
            ended.Dispose()
        | _ -> ()

    let watch () =
        while not server.Ended do
            Thread.Sleep 50

            lock server.Gate (fun () ->
                if not server.Ended then
                    try
                        sync ()
                    with failure ->
                        eprintfn "%s could not be restarted: %s" server.Database.Name failure.Message)

    Thread(watch, IsBackground = true).Start()

let private launch purpose database programs =
    let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName

    if isRoot then
        use own = Process.Start("chown", [ database.Owner; folder ])
        own.WaitForExit()

    try
        database.Init programs folder |> List.iter (runOrFail database.Owner)
        let port = freePort ()
        let tuning = database.Tuning purpose

        let startServer () =
            let running, output =
                start database.Owner (database.Serve programs folder port @ tuning)

            try
                waitUntilReady database programs folder port running output
                running
            with _ ->
                running.Kill(entireProcessTree = true)
                reraise ()

        let server = {
            Database = database
            Folder = folder
            Port = port
            Start = startServer
            Gate = obj ()
            Process = startServer ()
            Ended = false
        }

        supervise server
        printfn "> %s is running on 127.0.0.1:%d (%s)" database.Name port (String.concat " " tuning)
        server
    with _ ->
        if Directory.Exists folder then
            Directory.Delete(folder, recursive = true)

        reraise ()

let private running = ResizeArray<Server>()

let private stopServers isMine =
    lock running (fun () ->
        let servers = running |> Seq.filter isMine |> List.ofSeq
        running.RemoveAll(fun server -> isMine server) |> ignore
        servers)
    |> List.iter stop

/// Starts a server. Prints the reason and returns None if there is none to start.
let private tryStart purpose database =
    let variable = database.Variable purpose

    try
        match Environment.GetEnvironmentVariable variable with
        | null
        | "" ->
            if (database.Programs()).IsNone || not (Option.forall File.Exists database.Pooler) then
                install database

            match database.Programs() with
            | Some programs ->
                let server = launch purpose database programs
                lock running (fun () -> running.Add server)
                Some server
            | None ->
                eprintfn "%s is not installed (Debian: apt-get install %s)." database.Name database.Packages
                None
        | _ ->
            printfn "> %s: using the server from %s" database.Name variable
            None
    with failure ->
        eprintfn "%s could not be started: %s" database.Name failure.Message
        None

let private withDatabases purpose databases (run: (string * string) list -> 'result) =
    // Stops the servers even if a signal ends the script.
    let exiting = EventHandler(fun _ _ -> stopServers (fun _ -> true))
    AppDomain.CurrentDomain.ProcessExit.AddHandler exiting
    let started = databases |> List.choose (tryStart purpose)

    try
        started
        |> List.collect (fun server ->
            let variable = server.Database.Variable purpose

            [
                variable, server.Database.ConnectionString server.Port
                $"{variable}_FOLDER", server.Folder
            ])
        |> run
    finally
        let folders = started |> List.map _.Folder
        stopServers (fun server -> List.contains server.Folder folders)
        AppDomain.CurrentDomain.ProcessExit.RemoveHandler exiting

let private all = [ postgres; mariaDb ]

/// Runs a function with all database servers, which are stopped afterwards in any case. Gets the environment variables of those that run.
let withServers (run: (string * string) list -> 'result) = withDatabases Tests all run

/// Runs a benchmark with the server of one database, if that database has one.
let withBenchServer word (run: (string * string) list -> 'result) =
    withDatabases Bench (all |> List.filter (fun database -> database.Argument = word)) run
