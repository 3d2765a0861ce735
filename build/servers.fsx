/// Private database servers for tests and measurements: on loopback, on free ports, in a folder of their own that goes with them.
module Servers

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Sockets
open System.Threading

/// Tests ask what is committed, not whether the disk has it; a measurement asks both.
type Purpose =
    | Tests
    | Bench

/// What a database needs to be started, and what those who use it are told.
type Database = {
    Name: string
    /// What it is called on a command line.
    Word: string
    Packages: string
    /// What tests start themselves and put before it.
    Pooler: string option
    /// The folder with its programs, if it is installed.
    Programs: unit -> string option
    /// The user that owns its folder when root runs the tests; its server refuses to run as root.
    Owner: string
    /// Makes the data folder: programs, folder.
    Make: string -> string -> string list list
    /// The server itself: programs, folder, port.
    Serve: string -> string -> int -> string list
    /// Settings for what it is used for, as the server's command line has them.
    Tuning: Purpose -> string list
    /// How to ask whether it answers, or to make it ready: programs, folder, port.
    Greet: string -> string -> int -> string list
    /// The signal that ends it at once and in order.
    Stop: string
    Variable: Purpose -> string
    ConnectionString: int -> string
}

type Server = {
    Database: Database
    Folder: string
    Port: int
    /// Starts it and waits until it answers.
    Start: unit -> Process
    /// Taken by whoever starts or stops it.
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
    let said = Text.StringBuilder()

    let hear (line: string) =
        if not (isNull line) then
            lock said (fun () -> said.AppendLine line |> ignore)

    running.OutputDataReceived.Add(fun line -> hear line.Data)
    running.ErrorDataReceived.Add(fun line -> hear line.Data)
    running.BeginOutputReadLine()
    running.BeginErrorReadLine()
    running, (fun () -> lock said (fun () -> said.ToString()))

let private succeeds owner command =
    let running, said = start owner command
    use running = running
    running.WaitForExit()
    running.ExitCode = 0, said ()

let private must owner command =
    match succeeds owner command with
    | true, _ -> ()
    | false, said -> failwith $"{List.head command} failed: {said}"

let private firstFolder folders =
    folders |> Seq.filter Directory.Exists |> Seq.sortDescending |> Seq.tryHead

let private postgres = {
    Name = "PostgreSQL"
    Word = "postgres"
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
    Make =
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
    Greet = fun programs _ port -> [ $"{programs}/pg_isready"; "-h"; "127.0.0.1"; "-p"; string port ]
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
        Word = "mariadb"
        Packages = "mariadb-server"
        Pooler = None
        Programs =
            fun () ->
                if File.Exists "/usr/sbin/mariadbd" then
                    Some "/usr"
                else
                    None
        Owner = "mysql"
        Make =
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
        Greet =
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

let private waitUntilGreeted database programs folder port (running: Process) said =
    let deadline = DateTime.UtcNow.AddSeconds 60.

    let rec greet () =
        if running.HasExited then
            failwith $"{database.Name} ended at once: {said ()}"
        elif fst (succeeds database.Owner (database.Greet programs folder port)) then
            ()
        elif DateTime.UtcNow > deadline then
            failwith $"{database.Name} does not answer after a minute: {said ()}"
        else
            Thread.Sleep 100
            greet ()

    greet ()

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

/// While a file "away" is in its folder the server is stopped: that is how the crash tests restart it.
let private supervise server =
    let obey () =
        match File.Exists(Path.Combine(server.Folder, "away")), server.Process.HasExited with
        | true, false -> halt server
        | false, true ->
            // If the start fails, the ended process stays for the next look.
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
                        obey ()
                    with fault ->
                        eprintfn "%s does not come back: %s" server.Database.Name fault.Message)

    Thread(watch, IsBackground = true).Start()

let private launch purpose database programs =
    let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName

    if isRoot then
        use own = Process.Start("chown", [ database.Owner; folder ])
        own.WaitForExit()

    try
        database.Make programs folder |> List.iter (must database.Owner)
        let port = freePort ()
        let tuning = database.Tuning purpose

        let startServer () =
            let running, said =
                start database.Owner (database.Serve programs folder port @ tuning)

            try
                waitUntilGreeted database programs folder port running said
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
        printfn "> %s answers on 127.0.0.1:%d (%s)" database.Name port (String.concat " " tuning)
        server
    with _ ->
        if Directory.Exists folder then
            Directory.Delete(folder, recursive = true)

        reraise ()

let private running = ResizeArray<Server>()

let private stopAll () =
    lock running (fun () ->
        let servers = List.ofSeq running
        running.Clear()
        servers)
    |> List.iter stop

/// Starts a server, or says why there is none.
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
            printfn "> %s is the one that %s names" database.Name variable
            None
    with fault ->
        eprintfn "%s cannot be started: %s" database.Name fault.Message
        None

let private withDatabases purpose databases (run: (string * string) list -> 'result) =
    // Also when the script is ended by a signal.
    use _ =
        let ended = EventHandler(fun _ _ -> stopAll ())
        AppDomain.CurrentDomain.ProcessExit.AddHandler ended

        {
            new IDisposable with
                member _.Dispose() =
                    AppDomain.CurrentDomain.ProcessExit.RemoveHandler ended
                    stopAll ()
        }

    databases
    |> List.choose (tryStart purpose)
    |> List.collect (fun server ->
        let variable = server.Database.Variable purpose

        [
            variable, server.Database.ConnectionString server.Port
            $"{variable}_FOLDER", server.Folder
        ])
    |> run

let private all = [ postgres; mariaDb ]

/// Runs something with the servers there; they end with it, whatever happens. A server that is not there has no variable.
let withServers (run: (string * string) list -> 'result) = withDatabases Tests all run

/// Runs a measurement with the server of one database, if it is one that has a server.
let withBenchServer word (run: (string * string) list -> 'result) =
    withDatabases Bench (all |> List.filter (fun database -> database.Word = word)) run
