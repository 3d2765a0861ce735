// Every task of this repository: dotnet fsi build.fsx <target> [arguments]

#load "build/commands.fsx"
#load "build/servers.fsx"
#load "build/generator.fsx"
#load "build/measures.fsx"
#load "build/published.fsx"
#load "build/packages.fsx"
#load "build/contract.fsx"
#load "build/site.fsx"

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Security.Cryptography
open System.Text.Json
open System.Xml.Linq
open Commands
open Measures

let client = at "src/Client"
let inCi = Environment.GetEnvironmentVariable "CI" = "true"

let npm words arguments = {
    worded (if OperatingSystem.IsWindows() then "npm.cmd" else "npm") words arguments with
        Folder = client
}

let private deleteFolder folder =
    if Directory.Exists folder then
        Directory.Delete(folder, recursive = true)

// ---- The console ---------------------------------------------------------------------------------------------------

let hashOf (files: string seq) =
    use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

    for file in files |> Seq.sort do
        hash.AppendData(Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file)))
        hash.AppendData(File.ReadAllBytes file)

    Convert.ToHexString(hash.GetHashAndReset())

let isStamped stamp text =
    File.Exists stamp && File.ReadAllText stamp = text

let writeStamp (stamp: string) (text: string) =
    Directory.CreateDirectory(Path.GetDirectoryName stamp) |> ignore
    File.WriteAllText(stamp, text)

let requireNode () =
    match tryRead "node" [ "--version" ] with
    | Some version when int (version.TrimStart('v').Split('.')[0]) >= 20 -> ()
    | found ->
        let seen = found |> Option.map (sprintf "; found %s") |> Option.defaultValue ""
        halt $"Node.js 20 or newer is needed to build the console{seen}. Get it from https://nodejs.org, with npm."

let installPackagesIn folder =
    requireNode ()
    let stamp = Path.Combine(folder, "node_modules/.installed-from")
    let wanted = hashOf [ Path.Combine(folder, "package-lock.json") ]

    if not (isStamped stamp wanted) then
        must {
            npm "ci --no-audit --no-fund" [] with
                Folder = folder
        }

        writeStamp stamp wanted

let installPackages () = installPackagesIn client

let private generatedFolders =
    set [
        "node_modules"
        "dist"
        "bin"
        "obj"
        ".fable"
        ".vite"
        "fable_modules"
        "artifacts"
    ]

let rec private sourcesIn folder =
    let folders =
        Directory.EnumerateDirectories folder
        |> Seq.filter (fun path -> not (generatedFolders.Contains(Path.GetFileName path)))

    let isSource (path: string) =
        not (path.EndsWith ".fs.js" || path.EndsWith ".fs.jsx")

    Seq.append (Directory.EnumerateFiles folder |> Seq.filter isSource) (Seq.collect sourcesIn folders)

let buildConsole () =
    installPackages ()
    let stamp = at "artifacts/console.built-from"
    let wanted = hashOf (Seq.append (sourcesIn client) (sourcesIn (at "src/Contract")))
    let isThere = File.Exists(Path.Combine(client, "dist/index.html"))

    if not (isThere && isStamped stamp wanted) then
        must (npm "run build" [])
        writeStamp stamp wanted

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

// ---- test ----------------------------------------------------------------------------------------------------------

type Tally = {
    Passed: int
    Failed: int
    Skipped: int
}

let nothing = { Passed = 0; Failed = 0; Skipped = 0 }
let oneFailed = { nothing with Failed = 1 }

let add left right = {
    Passed = left.Passed + right.Passed
    Failed = left.Failed + right.Failed
    Skipped = left.Skipped + right.Skipped
}

let describe tally =
    let skipped =
        if tally.Skipped > 0 then
            $", {tally.Skipped} skipped"
        else
            ""

    $"{tally.Passed} passed, {tally.Failed} failed{skipped}"

/// A suite that crashed, or that ran no test, has failed, whatever its report says.
let judge name code tally =
    if code <> 0 && tally.Failed = 0 then
        eprintfn "%s ended with exit code %d although no test failed; that counts as one failure." name code
        { tally with Failed = 1 }
    elif tally.Passed + tally.Failed = 0 then
        eprintfn "%s ran no test; that counts as one failure." name
        { tally with Failed = 1 }
    else
        tally

let private reportOf read (path: string) =
    if File.Exists path then
        try
            read path
        with fault ->
            eprintfn "%s cannot be read: %s" path fault.Message
            nothing
    else
        nothing

let readXunitReport path =
    let count name (assembly: XElement) =
        match assembly.Attribute(XName.Get name) with
        | null -> 0
        | attribute -> int attribute.Value

    XDocument.Load(path: string).Root.Elements(XName.Get "assembly")
    |> Seq.map (fun assembly -> {
        Passed = count "passed" assembly
        Failed = count "failed" assembly + count "errors" assembly
        Skipped = count "skipped" assembly
    })
    |> Seq.fold add nothing

/// The JUnit report of Expecto: one element for each test, with what became of it inside.
let readJUnitReport path =
    let tests =
        XDocument.Load(path: string).Descendants(XName.Get "testcase") |> List.ofSeq

    let having names =
        tests
        |> List.filter (fun test -> names |> List.exists (fun name -> not (isNull (test.Element(XName.Get name)))))
        |> List.length

    let failed, skipped = having [ "failure"; "error" ], having [ "skipped" ]

    {
        Passed = tests.Length - failed - skipped
        Failed = failed
        Skipped = skipped
    }

let readVitestReport path =
    use report = JsonDocument.Parse(File.ReadAllText path)

    let count (name: string) =
        report.RootElement.GetProperty(name).GetInt32()

    {
        Passed = count "numPassedTests"
        Failed = count "numFailedTests"
        Skipped = count "numPendingTests" + count "numTodoTests"
    }

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
let private settingsFor servers (suite: string) =
    if not (suite.EndsWith "EndToEnd.Tests") then
        // Its tests say so themselves where promtool is missing.
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

    match settingsFor servers "GopherFlow.EndToEnd.Tests" with
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
    let tally = testPackages ()
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
    "test", "runs every test; words choose suites (console, Engine, Server, Demo, EndToEnd)", test
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
