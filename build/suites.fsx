/// The test command: builds everything, starts the servers, and runs the suites.
module Suites

#load "commands.fsx"
#load "console.fsx"
#load "reports.fsx"
#load "servers.fsx"
#load "packages.fsx"

open System
open System.Diagnostics
open System.IO
open Commands
open ConsoleBuild
open Reports

let private results = at "artifacts/test-results"
let private suiteLimit = TimeSpan.FromMinutes 10.

let testConsole () =
    let report = Path.Combine(results, "console.json")

    let suite =
        npm "run test:compiled -- --reporter=default --reporter=json" [ $"--outputFile={report}" ]

    let code = run { suite with Limit = suiteLimit }

    reportOf readVitestReport report |> judge "The console's suite" code

/// The packages of what has been built, each template used in an empty folder. Their version is of this moment, so that no cache knows it.
let testPackages () =
    let version =
        $"{Packages.version ()}-try.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}"

    try
        Packages.packAs version "-c Debug --no-build"
        let works, fails = Packages.tryAll version |> List.partition id

        {
            nothing with
                Passed = works.Length
                Failed = fails.Length
        }
    with Halt message ->
        eprintfn "%s" message
        oneFailed

let private findChromium () =
    [
        Environment.GetEnvironmentVariable "GFLOW_TEST_CHROMIUM"
        "/usr/bin/chromium"
        "/usr/bin/chromium-browser"
        "/usr/bin/google-chrome"
    ]
    |> List.tryFind File.Exists

let private aptGet words = {
    worded "apt-get" words [] with
        Environment = [ ("DEBIAN_FRONTEND", "noninteractive") ]
}

let private install packageName =
    if Environment.UserName = "root" && File.Exists "/usr/bin/apt-get" then
        run (aptGet "update") |> ignore
        run (aptGet $"install -y --no-install-recommends {packageName}") |> ignore

/// What a suite needs beside .NET and Node: its settings, or why it cannot run.
let settingsFor servers (suite: string) =
    if not (suite.EndsWith "EndToEnd.Tests") then
        // If promtool is still missing, the tests that need it say so.
        if suite = "GopherFlow.Server.Tests" then
            installPackagesIn (at "tests/PublicClient")

            if not (File.Exists "/usr/bin/promtool") then
                install "prometheus"

        Ok servers
    else
        if (findChromium ()).IsNone then
            install "chromium"

        match findChromium () with
        | Some chromium -> Ok(("GFLOW_TEST_CHROMIUM", chromium) :: servers)
        | None ->
            Error "needs Chromium; install it (Debian: apt-get install chromium) or name it in GFLOW_TEST_CHROMIUM"

let private testProjects () =
    [ "*.Tests.csproj"; "*.Tests.fsproj" ]
    |> Seq.collect (fun pattern -> Directory.EnumerateFiles(at "tests", pattern, SearchOption.AllDirectories))
    |> Seq.sort
    |> List.ofSeq

/// F# suites are written with Expecto, C# ones with xunit: how each is run, and how its report is read.
let private runnerOf (project: string) (report: string) =
    if project.EndsWith ".fsproj" then
        [ "--junit-summary"; report; "--no-spinner"; "--colours"; "0" ], readJUnitReport
    else
        [ "-xml"; report; "-noLogo"; "-noColor" ], readXunitReport

let private testProject servers arguments (project: string) =
    let suite = Path.GetFileNameWithoutExtension project

    let folder = Path.GetRelativePath(root, Path.GetDirectoryName project)
    let program = Path.Combine(folder, "bin/Debug/net10.0", $"{suite}.dll")

    let report = Path.Combine(results, $"{suite}.xml")
    let options, read = runnerOf project report

    match settingsFor servers suite with
    | _ when not (File.Exists(at program)) ->
        eprintfn "%s was not built; add it to the solution: dotnet sln add %s" suite folder
        oneFailed
    | Error reason when inCi ->
        eprintfn "%s %s. A skipped suite is a failure when CI=true." suite reason
        oneFailed
    | Error reason ->
        eprintfn "Skipped: %s %s." suite reason
        { nothing with Skipped = 1 }
    | Ok settings ->
        let code =
            run {
                dotnet "exec" (program :: options @ arguments) with
                    Environment = settings
                    Limit = suiteLimit
            }

        reportOf read report |> judge suite code

/// Words name the suites to run (part of a name, "console" for the console's); what begins with '-' goes to the test programs.
let private selectSuites servers arguments =
    let words, options =
        arguments
        |> List.takeWhile (fun (a: string) -> not (a.StartsWith '-'))
        |> fun words -> words, List.skip words.Length arguments

    let isWanted (suite: string) =
        words.IsEmpty
        || words
           |> List.exists (fun word -> suite.Contains(word, StringComparison.OrdinalIgnoreCase))

    [
        if isWanted "console" then
            "console", testConsole
        if isWanted "packages" then
            "packages", testPackages
        for project in testProjects () do
            let suite = Path.GetFileNameWithoutExtension project

            if isWanted suite then
                suite, fun () -> testProject servers options project
    ]

/// Suites that kill servers or depend on timing: nothing runs beside them.
let private undisturbed =
    set [
        "GopherFlow.Crash.Tests"
        "GopherFlow.Demo.Tests"
        "GopherFlow.EndToEnd.Tests"
    ]

/// Started first, so that a long suite does not run alone at the end.
let private longest = [
    "GopherFlow.Conformance.Tests"
    "GopherFlow.Scripting.Tests"
    "GopherFlow.Deployment.Tests"
    "GopherFlow.Engine.Tests"
    "packages"
]

let private timed (suite, test) () =
    let watch = Stopwatch.StartNew()
    let tally = test ()
    suite, tally, watch.Elapsed

let private runSuites suites =
    let alone, beside =
        suites |> List.partition (fun (suite, _) -> undisturbed.Contains suite)

    let begins (suite, _) =
        longest |> List.tryFindIndex ((=) suite) |> Option.defaultValue longest.Length

    let first = beside |> List.sortBy begins |> List.map timed |> sideBySide
    first @ (alone |> List.map (fun suite -> timed suite ()))

/// The console beside the projects that do not need it, then the solution, whose server embeds the console.
let private buildAll () =
    sideBySide [
        buildConsole
        fun () -> must (dotnet "build tests/Scripting -c Debug -nologo -v quiet" [])
    ]
    |> ignore

    must (dotnet "build GopherFlow.sln -c Debug -nologo -v quiet" [])

let test arguments =
    deleteFolder results
    Directory.CreateDirectory results |> ignore

    let tallies =
        try
            buildAll ()

            Servers.withServers (fun servers -> selectSuites servers arguments |> runSuites)
            |> List.sortBy (fun (suite, _, _) -> suite)
        with Halt message ->
            eprintfn "%s" message
            [ ("build", oneFailed, TimeSpan.Zero) ]

    let sum = tallies |> List.map (fun (_, tally, _) -> tally) |> List.fold add nothing
    printfn ""

    for suite, tally, took in tallies do
        printfn "%s %5.0f s: %s" (suite.PadRight 34) took.TotalSeconds (describe tally)

    if tallies.IsEmpty then
        halt $"""No suite has a name with {String.Join(" or ", arguments)} in it."""

    printfn "%s" (describe sum)
    if sum.Failed = 0 then 0 else 1
