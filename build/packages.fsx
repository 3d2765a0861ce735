/// Builds the NuGet packages, and smoke tests them in an empty folder that uses only their feed.
module Packages

#load "commands.fsx"
#load "trial.fsx"

open System
open System.IO
open System.Net.Http
open System.Xml.Linq
open Commands
open Trial

let private feed = repoPath "artifacts/packages"

let private emptyFolder folder =
    if Directory.Exists folder then
        Directory.Delete(folder, recursive = true)

    Directory.CreateDirectory(folder).FullName

/// The projects that are packages: those with a README next to them.
let private projects () =
    Directory.EnumerateFiles(repoPath "src", "README.md", SearchOption.AllDirectories)
    |> Seq.filter (fun file -> not (file.Contains "node_modules"))
    |> Seq.collect (fun file -> Directory.EnumerateFiles(Path.GetDirectoryName file, "*.*proj"))
    |> Seq.sort
    |> List.ofSeq

/// The version of the repository.
let version () =
    XDocument.Load(repoPath "Directory.Build.props").Descendants(XName.Get "Version")
    |> Seq.head
    |> _.Value

/// The version of a package that the repository uses.
let private versionOf (name: string) =
    XDocument.Load(repoPath "Directory.Packages.props").Descendants(XName.Get "PackageVersion")
    |> Seq.find (fun package -> package.Attribute(XName.Get "Include").Value = name)
    |> fun package -> package.Attribute(XName.Get "Version").Value

/// Copies a folder of templates and inserts the versions.
let rec private copyTemplates (version: string) (source: string) (target: string) =
    Directory.CreateDirectory target |> ignore

    for file in Directory.EnumerateFiles source do
        let text =
            File.ReadAllText(file).Replace("{version}", version).Replace("{FSharp.Core}", versionOf "FSharp.Core")

        File.WriteAllText(Path.Combine(target, Path.GetFileName file), text)

    for folder in Directory.EnumerateDirectories source do
        copyTemplates version folder (Path.Combine(target, Path.GetFileName folder))

/// Packs all packages and the templates into artifacts/packages.
let packAs (version: string) (options: string) =
    emptyFolder feed |> ignore

    for project in projects () do
        runOrFail (
            dotnet $"pack {Path.GetRelativePath(root, project)} {options} -p:Version={version} -nologo -v quiet -o" [
                feed
            ]
        )

    let templates = emptyFolder (repoPath "artifacts/templates")
    copyTemplates version (repoPath "templates") templates
    runOrFail (dotnet $"pack {Path.GetRelativePath(root, templates)} -p:Version={version} -nologo -v quiet -o" [ feed ])

    for package in Directory.EnumerateFiles(feed, "*.nupkg") |> Seq.sort do
        printfn "  %s" (Path.GetFileName package)

// ---- Smoke tests ---------------------------------------------------------------------------------------------------

/// Makes an empty folder use the local feed and its own package cache. Returns the environment variables for it.
let private useLocalFeed (folder: string) =
    File.WriteAllText(
        Path.Combine(folder, "nuget.config"),
        $"""<configuration><packageSources><add key="gopherflow" value="{feed}" /></packageSources></configuration>"""
    )

    let known =
        match Environment.GetEnvironmentVariable "NUGET_PACKAGES" with
        | null
        | "" -> Path.Combine(Environment.GetFolderPath Environment.SpecialFolder.UserProfile, ".nuget", "packages")
        | path -> path

    [
        "NUGET_PACKAGES", Path.Combine(folder, ".packages")
        "RestoreFallbackFolders", known
        "CI", "false"
    ]

/// Packages that an application on SQLite must not depend on.
let private unwanted = [ "Npgsql"; "MySqlConnector"; "FSharp.Compiler.Service"; "Mono.Cecil" ]

let private smokeTest (folder: string) (program: string) =
    let address = $"127.0.0.1:{freePort ()}"
    use http = clientOf address

    let application = {
        dotnet "exec" [ program ] with
            Folder = folder
            Environment = [ "HTTP_ADDR", address; "GFLOW_ADMIN_API_KEY", apiKey ]
    }

    withProcess application (fun running ->
        try
            waitUntilReady http running
            expectConsole http
            let created = create http "Greeting" "first"
            expect "a workflow is created" (created > 0L)
            stop running
        finally
            if not running.HasExited then
                running.Kill())

/// Not a valid identifier, so that the namespaces differ from the folder names.
[<Literal>]
let private ApplicationName = "order-service"

/// Creates an application from a template, builds it with warnings as errors, runs its test, and runs the application.
let private tryTemplate (version: string) (template: string) =
    let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName

    try
        let environment = useLocalFeed folder

        let inFolder (command: Command) = {
            command with
                Folder = folder
                Environment = environment
        }

        let hive = Path.Combine(folder, ".hive")
        runOrFail (inFolder (dotnet "new install" [ $"GopherFlow.Templates::{version}"; "--debug:custom-hive"; hive ]))
        runOrFail (inFolder (dotnet $"new {template} -o {ApplicationName} --debug:custom-hive" [ hive ]))
        let application = Path.Combine(folder, ApplicationName)

        let inApplication (command: Command) = {
            inFolder command with
                Folder = application
        }

        runOrFail (inApplication (dotnet "build -warnaserror -nologo -v quiet" []))
        runOrFail (inApplication (dotnet "test --no-build -nologo" []))
        let output = Path.Combine(application, ApplicationName, "bin/Debug/net10.0")

        for name in unwanted do
            expect $"{name} is not a dependency" (not (File.Exists(Path.Combine(output, $"{name}.dll"))))

        smokeTest folder (Path.Combine(output, $"{ApplicationName}.dll"))
    finally
        Directory.Delete(folder, recursive = true)

/// Installs the tool, runs its server in an empty folder, and uses its commands.
let private tryTool (version: string) =
    let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName

    try
        let environment = useLocalFeed folder

        let inFolder (command: Command) = {
            command with
                Folder = folder
                Environment = environment
        }

        runOrFail (inFolder (dotnet "tool install GopherFlow.Tool --tool-path .tools --version" [ version ]))
        let port = freePort ()

        let tool words = {
            inFolder (commandLine (Path.Combine(folder, ".tools", "gopherflow")) words []) with
                Environment = ("GOPHERFLOW_SERVER", $"http://localhost:{port}") :: environment
        }

        use http = clientOf $"localhost:{port}"

        withProcess (tool $"dev --port {port}") (fun running ->
            try
                waitUntilReady http running
                expectConsole http
                runOrFail (tool "deploy scripts/Greeting.fsx")
                runOrFail (tool "start Greeting --external-id first --var name=Ann --wait 30")
                runOrFail (tool "list --type Greeting")
                runOrFail (tool "show first")
                runOrFail (tool "try scripts/Greeting.fsx --var name=Bob")
                expect "an invalid argument gives exit code 1" (run (tool "start NoSuchType") = 1)
                stop running
            finally
                if not running.HasExited then
                    running.Kill())
    finally
        Directory.Delete(folder, recursive = true)

/// Smoke tests the templates and the tool, each in an empty folder. Returns whether each one works.
let tryAll (version: string) =
    [
        "dotnet new gopherflow", fun () -> tryTemplate version "gopherflow"
        "dotnet new gopherflow-fsharp", fun () -> tryTemplate version "gopherflow-fsharp"
        "gopherflow dev", fun () -> tryTool version
    ]
    |> List.map (fun (name, attempt) ->
        printfn "> testing %s in an empty folder" name

        try
            attempt ()
            true
        with Halt message ->
            eprintfn "%s: %s" name message
            false)
