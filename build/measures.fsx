/// The targets bench, simulate and crash, which put load on the engine.
module Measures

#load "commands.fsx"
#load "servers.fsx"

open Commands

let private databaseOf arguments =
    arguments
    |> List.pairwise
    |> List.tryPick (fun (option, value) -> if option = "--database" then Some value else None)

let bench arguments =
    let bench settings =
        run {
            dotnet "run --project bench/GopherFlow.Bench.csproj -c Release --" arguments with
                Environment = settings
        }

    match databaseOf arguments with
    | Some database -> Servers.withBenchServer database bench
    | None -> bench []

/// Runs seeds of the simulation, or replays one. Uses the program of the test suite with another command.
let simulate arguments =
    runOrFail (dotnet "build tests/Simulation -c Debug -nologo -v quiet" [])

    run (dotnet "exec tests/Simulation/bin/Debug/net10.0/GopherFlow.Simulation.Tests.dll simulate" arguments)

let crash arguments =
    let crash settings =
        run {
            dotnet "run --project tests/Crash/GopherFlow.Crash.csproj --" arguments with
                Environment = settings
        }

    if arguments |> List.exists (fun word -> word = "postgres" || word = "mariadb") then
        Servers.withServers crash
    else
        crash []
