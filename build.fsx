// All tasks of this repository: dotnet fsi build.fsx <target> [arguments]

#load "build/commands.fsx"
#load "build/console.fsx"
#load "build/servers.fsx"
#load "build/generator.fsx"
#load "build/measures.fsx"
#load "build/published.fsx"
#load "build/packages.fsx"
#load "build/suites.fsx"
#load "build/contract.fsx"
#load "build/site.fsx"

open System
open System.IO
open System.Runtime.InteropServices
open System.Text.Json
open Commands
open ConsoleBuild
open Measures

// ---- run -----------------------------------------------------------------------------------------------------------

let setUnlessGiven name value =
    match Environment.GetEnvironmentVariable name with
    | null
    | "" -> [ (name, value) ]
    | _ -> []

let runDemo arguments =
    buildConsole ()
    runOrFail (dotnet "build samples/Demo -c Debug -nologo -v quiet" [])
    let program = repoPath "samples/Demo/bin/Debug/net10.0/GopherFlow.Demo.dll"
    let database = Environment.GetEnvironmentVariable "GFLOW_DATABASE_SQLLITE_FILE_NAME"

    if String.IsNullOrEmpty database then
        printfn "Workflows are stored in %s. Delete this file to start over." (repoPath "gflow.db")

    run {
        dotnet "exec" (program :: arguments) with
            Environment =
                setUnlessGiven "ASPNETCORE_ENVIRONMENT" "Development"
                @ setUnlessGiven "GFLOW_SCRIPTS_DIR" (repoPath "scripts")
    }

// ---- api -----------------------------------------------------------------------------------------------------------

/// Updates the PublicAPI file of a package, which the compiler compares with the public types.
let private updatePublicApi (shipped: string) =
    let folder: string = Path.GetDirectoryName shipped
    let project = Directory.EnumerateFiles(folder, "*.csproj") |> Seq.exactlyOne

    runOrFail (dotnet "format analyzers" [ project; "--diagnostics"; "RS0016"; "RS0017"; "--severity"; "info" ])

let api _ =
    Directory.EnumerateFiles(repoPath "src", "PublicAPI.Shipped.txt", SearchOption.AllDirectories)
    |> Seq.sort
    |> Seq.iter updatePublicApi

    runOrFail (dotnet "build tests/Server/GopherFlow.Server.Tests -c Debug -nologo -v quiet" [])

    runOrFail (
        dotnet "exec" [
            repoPath "tests/Server/GopherFlow.Server.Tests/bin/Debug/net10.0/GopherFlow.Server.Tests.dll"
            "surface"
        ]
    )

    0

// ---- contract ------------------------------------------------------------------------------------------------------

let private describedApi = repoPath "docs/reference/openapi.json"

/// The current OpenAPI description of the server, and everything that is generated from it: file and text.
let private generatedFiles () =
    let described = Path.GetTempFileName()

    runOrFail (
        dotnet "exec" [
            repoPath "tests/Server/GopherFlow.Server.Tests/bin/Debug/net10.0/GopherFlow.Server.Tests.dll"
            "describe"
            described
        ]
    )

    let text = File.ReadAllText described
    File.Delete described
    let document = Nodes.JsonNode.Parse text

    [
        describedApi, text
        repoPath "src/ApiClient/Generated/Records.cs", Contract.recordsOf document
        repoPath "src/ApiClient/Generated/GopherFlowClient.Operations.cs", Contract.methodsOf document
        repoPath "postman/gopherflow.postman_collection.json", Contract.postmanOf document
    ]

let private outdatedFiles () =
    generatedFiles ()
    |> List.filter (fun (file, text) -> not (File.Exists file) || File.ReadAllText file <> text)
    |> List.map fst

let contract _ =
    runOrFail (dotnet "build tests/Server/GopherFlow.Server.Tests -c Debug -nologo -v quiet" [])

    for file, text in generatedFiles () do
        File.WriteAllText(file, text)
        printfn "%s" (Path.GetRelativePath(root, file))

    updatePublicApi (repoPath "src/ApiClient/PublicAPI.Shipped.txt")
    0

// ---- check ---------------------------------------------------------------------------------------------------------

let private checkFormatOfFSharp () =
    let places =
        [ "src"; "samples"; "scripts"; "templates"; "tests"; "build"; "build.fsx" ]
        |> List.filter (fun path -> Path.Exists(repoPath path))

    run (dotnet "fantomas --check" places) = 0

let private checkAnalyzers () =
    run (dotnet "restore GopherFlow.sln --locked-mode -nologo -v quiet" []) = 0
    && run (dotnet "build GopherFlow.sln -c Debug --no-restore -warnaserror -nologo -v quiet" []) = 0

/// The repository must not contain URLs of package registries. They are settings of each machine.
let private checkAddresses () =
    printfn "> looking for URLs of package registries"
    let lockFile = Path.Combine(client, "package-lock.json")

    let found = [
        if File.ReadAllText(lockFile).Contains "\"resolved\":" then
            "src/Client/package-lock.json has \"resolved\" lines"
        for path in Directory.EnumerateFiles root do
            if Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase) then
                $"{Path.GetFileName path} is in the repository"
    ]

    found |> List.iter (eprintfn "%s")
    found.IsEmpty

type Check = {
    Name: string
    Passes: unit -> bool
    Fix: string
}

let private checks = [
    {
        Name = "format of C# and project files"
        Passes = fun () -> run (dotnet "csharpier check ." []) = 0
        Fix = "dotnet csharpier format ."
    }
    {
        Name = "format of F#"
        Passes = checkFormatOfFSharp
        Fix = "dotnet fantomas src samples scripts templates tests build build.fsx"
    }
    {
        Name = "analyzers, warnings, lock files"
        Passes = checkAnalyzers
        Fix = "fix the listed problems; for lock files: dotnet restore GopherFlow.sln"
    }
    {
        Name = "files generated from the OpenAPI description"
        Passes =
            fun () ->
                let files = outdatedFiles ()
                files |> List.iter (eprintfn "%s is out of date")
                files.IsEmpty
        Fix = "dotnet fsi build.fsx contract"
    }
    {
        Name = "no URLs of package registries"
        Passes = checkAddresses
        Fix = "npm install --package-lock-only --omit-lockfile-registry-resolved in src/Client; delete nuget.config"
    }
]

let check _ =
    runOrFail (dotnet "tool restore" [])
    buildConsole ()
    let failed = checks |> List.filter (fun check -> not (check.Passes()))
    printfn ""

    for check in failed do
        printfn "Failed: %s. To fix it: %s" check.Name check.Fix

    if failed.IsEmpty then
        printfn "All checks passed."

    if failed.IsEmpty then 0 else 1

// ---- publish -------------------------------------------------------------------------------------------------------

/// Splits the arguments into runtimes (all if none is given) and the rest.
let private chosenRuntimes arguments =
    let known = Published.runtimes |> List.map fst

    let chosen, rest =
        arguments |> List.partition (fun word -> List.contains word known)

    (if chosen.IsEmpty then known else chosen), rest

let private thisMachine () =
    match RuntimeInformation.OSArchitecture with
    | Architecture.Arm64 -> "linux-arm64"
    | _ -> "linux-x64"

let publish arguments =
    let runtimes, _ = chosenRuntimes arguments
    buildConsole ()
    deleteFolder (repoPath "artifacts/publish")
    runtimes |> List.iter Published.publishOne

    if List.contains (thisMachine ()) runtimes then
        Published.smokeTest (thisMachine ())

    0

let checkPublished _ =
    Published.smokeTest (thisMachine ())
    0

// ---- pictures ------------------------------------------------------------------------------------------------------

/// Runs a class of the end-to-end suite that is not a test but needs the browser.
let private inBrowser servers className =
    buildConsole ()
    runOrFail (dotnet "build tests/EndToEnd -c Debug -nologo -v quiet" [])

    match Suites.settingsFor servers "GopherFlow.EndToEnd.Tests" with
    | Error reason -> halt $"GopherFlow.EndToEnd.Tests {reason}."
    | Ok settings ->
        run {
            dotnet
                $"exec tests/EndToEnd/bin/Debug/net10.0/GopherFlow.EndToEnd.Tests.dll -noLogo -explicit only -class {className}"
                [] with
                Environment = settings
        }

/// Takes the screenshots for the README, with the demo in a browser.
let pictures _ =
    Directory.CreateDirectory(repoPath "docs/pictures") |> ignore
    inBrowser [] "*ReadmePictures"

/// Measures the console in a browser, on SQLite and PostgreSQL.
let measureConsole _ =
    Servers.withServers (fun servers -> inBrowser servers "*ConsoleFigures")

// ---- pack ----------------------------------------------------------------------------------------------------------

let pack _ =
    buildConsole ()
    Packages.packAs (Packages.version ()) "-c Release"
    0

let checkPackages _ =
    buildConsole ()
    runOrFail (dotnet "build GopherFlow.sln -c Debug -nologo -v quiet" [])
    let tally = Suites.testPackages ()
    if tally.Failed = 0 then 0 else 1

let image arguments =
    let runtimes, rest = chosenRuntimes arguments

    let missing =
        runtimes
        |> List.filter (fun runtime -> not (File.Exists(Published.programOf runtime)))

    if not missing.IsEmpty then
        buildConsole ()
        missing |> List.iter Published.publishOne

    Published.stageImage ()
    Published.buildImage rest
    0

// ---- The targets ---------------------------------------------------------------------------------------------------

let targets = [
    "run", "builds everything and runs the demo on http://localhost:8080", runDemo
    "test", "runs all tests; words select suites (console, Engine, Server, Demo, EndToEnd)", Suites.test
    "simulate", "runs seeds of the simulation: --seeds N --from S, or replays one: --seed S", simulate
    "api", "updates the PublicAPI files of the packages after a change of public types", api
    "contract", "generates the OpenAPI description, the C# client and the Postman collection", contract
    "check", "checks formatting, analyzers and lock files", check
    "bench", "benchmarks the engine against its raw-SQL control (--database sqlite, postgres or mariadb)", bench
    "crash", "kills, stalls and restarts executors, and checks the data afterwards (--seconds N)", crash
    "publish", "builds a self-contained file for linux-x64 and linux-arm64 in artifacts/publish, and tests it", publish
    "check-published", "tests the published file in an empty folder, without .NET", checkPublished
    "pictures", "takes the screenshots for the README with the demo in a browser", pictures
    "measure-console", "measures the console in a browser: first load, remote changes, the studio", measureConsole
    "measure-generator", "measures the build of 100 typed workflows after an edit", Generator.measureGenerator
    "site", "builds the documentation website in artifacts/site; fails on broken links", Site.make
    "pack", "builds the NuGet packages and the templates in artifacts/packages", pack
    "check-packages", "tests the packages from a local feed: templates, build, test, run", checkPackages
    "image", "builds the container image gopherflow:latest with docker or buildah; options go to the build", image
]

let help () =
    printfn "dotnet fsi build.fsx <target> [arguments]"

    for name, purpose, _ in targets do
        printfn "  %s %s" (name.PadRight 18) purpose

    0

let main arguments =
    match arguments with
    | []
    | [ "help" | "--help" | "-h" ] -> help ()
    | name :: rest ->
        match targets |> List.tryFind (fun (target, _, _) -> target = name) with
        | Some(_, _, target) -> target rest
        | None ->
            eprintfn "Unknown target '%s'." name
            help () |> ignore
            1

let exitCode =
    try
        main (fsi.CommandLineArgs |> Array.toList |> List.tail)
    with Halt message ->
        eprintfn "%s" message
        1

exit exitCode
