// Every task of this repository: dotnet fsi build.fsx <target> [arguments]

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
    must (dotnet "build samples/Demo -c Debug -nologo -v quiet" [])
    let program = at "samples/Demo/bin/Debug/net10.0/GopherFlow.Demo.dll"
    let database = Environment.GetEnvironmentVariable "GFLOW_DATABASE_SQLLITE_FILE_NAME"

    if String.IsNullOrEmpty database then
        printfn "Workflows are kept in %s; delete that file to begin anew." (at "gflow.db")

    run {
        dotnet "exec" (program :: arguments) with
            Environment =
                setUnlessGiven "ASPNETCORE_ENVIRONMENT" "Development"
                @ setUnlessGiven "GFLOW_SCRIPTS_DIR" (at "scripts")
    }

// ---- api -----------------------------------------------------------------------------------------------------------

/// Writes what a package shows into the file beside its project that the compiler compares with.
let private writeDown (shipped: string) =
    let folder: string = Path.GetDirectoryName shipped
    let project = Directory.EnumerateFiles(folder, "*.csproj") |> Seq.exactlyOne

    must (dotnet "format analyzers" [ project; "--diagnostics"; "RS0016"; "RS0017"; "--severity"; "info" ])

let api _ =
    Directory.EnumerateFiles(at "src", "PublicAPI.Shipped.txt", SearchOption.AllDirectories)
    |> Seq.sort
    |> Seq.iter writeDown

    must (dotnet "build tests/Server/GopherFlow.Server.Tests -c Debug -nologo -v quiet" [])

    must (
        dotnet "exec" [
            at "tests/Server/GopherFlow.Server.Tests/bin/Debug/net10.0/GopherFlow.Server.Tests.dll"
            "surface"
        ]
    )

    0

// ---- contract ------------------------------------------------------------------------------------------------------

let private describedApi = at "docs/reference/openapi.json"

/// The description of the API as the server makes it now, and what is made from it, by file.
let private madeFromContract () =
    let described = Path.GetTempFileName()

    must (
        dotnet "exec" [
            at "tests/Server/GopherFlow.Server.Tests/bin/Debug/net10.0/GopherFlow.Server.Tests.dll"
            "describe"
            described
        ]
    )

    let text = File.ReadAllText described
    File.Delete described
    let document = Nodes.JsonNode.Parse text

    [
        describedApi, text
        at "src/ApiClient/Generated/Records.cs", Contract.recordsOf document
        at "src/ApiClient/Generated/GopherFlowClient.Operations.cs", Contract.methodsOf document
        at "postman/gopherflow.postman_collection.json", Contract.postmanOf document
    ]

let private unmade () =
    madeFromContract ()
    |> List.filter (fun (file, text) -> not (File.Exists file) || File.ReadAllText file <> text)
    |> List.map fst

let contract _ =
    must (dotnet "build tests/Server/GopherFlow.Server.Tests -c Debug -nologo -v quiet" [])

    for file, text in madeFromContract () do
        File.WriteAllText(file, text)
        printfn "%s" (Path.GetRelativePath(root, file))

    writeDown (at "src/ApiClient/PublicAPI.Shipped.txt")
    0

// ---- check ---------------------------------------------------------------------------------------------------------

let private checkFormatOfFSharp () =
    let places =
        [ "src"; "samples"; "scripts"; "templates"; "tests"; "build"; "build.fsx" ]
        |> List.filter (fun path -> Path.Exists(at path))

    run (dotnet "fantomas --check" places) = 0

let private checkAnalyzers () =
    run (dotnet "restore GopherFlow.sln --locked-mode -nologo -v quiet" []) = 0
    && run (dotnet "build GopherFlow.sln -c Debug --no-restore -warnaserror -nologo -v quiet" []) = 0

/// Where packages come from is a setting of the machine, never of the repository.
let private checkAddresses () =
    printfn "> looking for addresses of package registries"
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
    Mend: string
}

let private checks = [
    {
        Name = "format of C# and project files"
        Passes = fun () -> run (dotnet "csharpier check ." []) = 0
        Mend = "dotnet csharpier format ."
    }
    {
        Name = "format of F#"
        Passes = checkFormatOfFSharp
        Mend = "dotnet fantomas src samples scripts templates tests build build.fsx"
    }
    {
        Name = "analyzers, warnings, lock files"
        Passes = checkAnalyzers
        Mend = "mend what is listed; for lock files: dotnet restore GopherFlow.sln"
    }
    {
        Name = "what is made from the API's description"
        Passes =
            fun () ->
                let files = unmade ()
                files |> List.iter (eprintfn "%s is not what the API is now")
                files.IsEmpty
        Mend = "dotnet fsi build.fsx contract"
    }
    {
        Name = "no addresses of registries"
        Passes = checkAddresses
        Mend = "npm install --package-lock-only --omit-lockfile-registry-resolved in src/Client; delete nuget.config"
    }
]

let check _ =
    must (dotnet "tool restore" [])
    buildConsole ()
    let faulty = checks |> List.filter (fun check -> not (check.Passes()))
    printfn ""

    for check in faulty do
        printfn "Not in order: %s. To mend it: %s" check.Name check.Mend

    if faulty.IsEmpty then
        printfn "Everything is in order."

    if faulty.IsEmpty then 0 else 1

// ---- publish -------------------------------------------------------------------------------------------------------

/// Words that are runtimes, else all of them; the rest goes on.
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
    deleteFolder (at "artifacts/publish")
    runtimes |> List.iter Published.publishOne

    if List.contains (thisMachine ()) runtimes then
        Published.tryOut (thisMachine ())

    0

let checkPublished _ =
    Published.tryOut (thisMachine ())
    0

// ---- pictures ------------------------------------------------------------------------------------------------------

/// Runs what is no test but needs the browser.
let private inBrowser servers className =
    buildConsole ()
    must (dotnet "build tests/EndToEnd -c Debug -nologo -v quiet" [])

    match Suites.settingsFor servers "GopherFlow.EndToEnd.Tests" with
    | Error reason -> halt $"GopherFlow.EndToEnd.Tests {reason}."
    | Ok settings ->
        run {
            dotnet
                $"exec tests/EndToEnd/bin/Debug/net10.0/GopherFlow.EndToEnd.Tests.dll -noLogo -explicit only -class {className}"
                [] with
                Environment = settings
        }

/// Makes the pictures of the README, with the demo in a browser.
let pictures _ =
    Directory.CreateDirectory(at "docs/pictures") |> ignore
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
    must (dotnet "build GopherFlow.sln -c Debug -nologo -v quiet" [])
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

    Published.layOut ()
    Published.buildImage rest
    0

// ---- The targets ---------------------------------------------------------------------------------------------------

let targets = [
    "run", "builds everything and runs the demo on http://localhost:8080", runDemo
    "test", "runs every test; words choose suites (console, Engine, Server, Demo, EndToEnd)", Suites.test
    "simulate", "runs seeds of the simulation: --seeds N --from S, or replays one: --seed S", simulate
    "api", "writes down what the packages show, after a change of their public types", api
    "contract", "makes the API's description, the C# client and the Postman collection from the server", contract
    "check", "formatting, analyzers, lock files", check
    "bench", "measures the engine beside its raw-SQL control (--database sqlite, postgres or mariadb)", bench
    "crash", "kills, stalls and restarts executors, and checks what is left (--seconds N)", crash
    "publish", "makes one self-contained file for linux-x64 and linux-arm64 in artifacts/publish, and tries it", publish
    "check-published", "tries the published file alone in an empty folder, without .NET", checkPublished
    "pictures", "makes the pictures of the README with the demo in a browser", pictures
    "measure-console", "measures the console in a browser: first load, changes of others, the studio", measureConsole
    "measure-generator", "measures the build of 100 typed workflows after an edit", Generator.measureGenerator
    "site", "makes a site of the documentation in artifacts/site; links that lead nowhere fail it", Site.make
    "pack", "makes the NuGet packages and the templates in artifacts/packages", pack
    "check-packages", "tries the packages from their folder: templates, build, test, run", checkPackages
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
            eprintfn "There is no target '%s'." name
            help () |> ignore
            1

let exitCode =
    try
        main (fsi.CommandLineArgs |> Array.toList |> List.tail)
    with Halt message ->
        eprintfn "%s" message
        1

exit exitCode
