/// The target test: builds everything, starts the database servers, and runs the test suites.
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

let private results = repoPath "artifacts/test-results"
let private suiteLimit = TimeSpan.FromMinutes 10.

let testConsole () =
    let report = Path.Combine(results, "console.json")

    let suite =
        npm "run test:compiled -- --reporter=default --reporter=json" [ $"--outputFile={report}" ]

    let code = run { suite with Limit = suiteLimit }

    reportOf readVitestReport report |> verify "The console's suite" code

/// Packs the current build, and tests each template and the tool in an empty folder. The version is unique, so that it is not cached.
let testPackages () =
    let version =
        $"{Packages.version ()}-try.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}"

    try
        Packages.packAs version "-c Debug --no-build"
        let works, fails = Packages.tryAll version |> List.partition id

        {
            noTests with
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
    commandLine "apt-get" words [] with
        Environment = [ ("DEBIAN_FRONTEND", "noninteractive") ]
}

let private install packageName =
    if Environment.UserName = "root" && File.Exists "/usr/bin/apt-get" then
        run (aptGet "update") |> ignore
        run (aptGet $"install -y --no-install-recommends {packageName}") |> ignore

/// Installs what a suite needs besides .NET and Node. Returns its environment variables, or the reason why it cannot run.
let settingsFor servers (suite: string) =
    if not (suite.EndsWith "EndToEnd.Tests") then
        // If promtool is still missing, the tests that need it fail with a message.
        if suite = "GopherFlow.Server.Tests" then
            installPackagesIn (repoPath "tests/PublicClient")

            if not (File.Exists "/usr/bin/promtool") then
                install "prometheus"

        Ok servers
    else
        if (findChromium ()).IsNone then
            install "chromium"

        match findChromium () with
        | Some chromium -> Ok(("GFLOW_TEST_CHROMIUM", chromium) :: servers)
        | None -> Error "needs Chromium; install it (Debian: apt-get install chromium) or set GFLOW_TEST_CHROMIUM"

let private testProjects () =
    [ "*.Tests.csproj"; "*.Tests.fsproj" ]
    |> Seq.collect (fun pattern -> Directory.EnumerateFiles(repoPath "tests", pattern, SearchOption.AllDirectories))
    |> Seq.sort
    |> List.ofSeq

/// The command-line options of a suite and the reader of its report. F# suites use Expecto, C# suites xunit.
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
    | _ when not (File.Exists(repoPath program)) ->
        eprintfn "%s was not built; add it to the solution: dotnet sln add %s" suite folder
        oneFailed
    | Error reason when inCi ->
        eprintfn "%s %s. A skipped suite is a failure when CI=true." suite reason
        oneFailed
    | Error reason ->
        eprintfn "Skipped: %s %s." suite reason
        { noTests with Skipped = 1 }
    | Ok settings ->
        let code =
            run {
                dotnet "exec" (program :: options @ arguments) with
                    Environment = settings
                    Limit = suiteLimit
            }

        reportOf read report |> verify suite code

/// The crash suite restarts its servers and cuts all their connections, so it has its own.
let private withServersFor suite shared test =
    if suite = "GopherFlow.Crash.Tests" then
        Servers.withServers test
    else
        test shared

/// Selects the suites whose names contain one of the words. Everything from the first option ('-') on is passed to the test programs.
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
                suite, fun () -> withServersFor suite servers (fun servers -> testProject servers options project)
    ]

/// Suites that depend on timing. They run after all others, one group after the other; the suites of a group run in parallel.
let private exclusive = [
    [ "GopherFlow.Crash.Tests"; "GopherFlow.Demo.Tests" ]
    [ "GopherFlow.EndToEnd.Tests" ]
]

/// Suites that are started first, so that a slow suite does not run alone at the end.
let private slowest = [
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
    let isIn group (suite, _) = List.contains suite group
    let others = suites |> List.filter (not << isIn (List.concat exclusive))

    let startOrder (suite, _) =
        slowest |> List.tryFindIndex ((=) suite) |> Option.defaultValue slowest.Length

    (others |> List.sortBy startOrder)
    :: (exclusive |> List.map (fun group -> suites |> List.filter (isIn group)))
    |> List.collect (List.map timed >> inParallel)

/// Builds the console in parallel with a project that does not need it, then the solution, whose server embeds the console.
let private buildAll () =
    inParallel [
        buildConsole
        fun () -> runOrFail (dotnet "build tests/Scripting -c Debug -nologo -v quiet" [])
    ]
    |> ignore

    runOrFail (dotnet "build GopherFlow.sln -c Debug -nologo -v quiet" [])

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

    let sum = tallies |> List.map (fun (_, tally, _) -> tally) |> List.fold add noTests
    printfn ""

    for suite, tally, took in tallies do
        printfn "%s %5.0f s: %s" (suite.PadRight 34) took.TotalSeconds (describe tally)

    if tallies.IsEmpty then
        halt $"""No suite has a name that contains {String.Join(" or ", arguments)}."""

    printfn "%s" (describe sum)
    if sum.Failed = 0 then 0 else 1
