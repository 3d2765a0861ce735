/// Makes the NuGet packages, and tries them from an empty folder with nothing but their feed.
module Packages

#load "commands.fsx"
#load "trial.fsx"

open System
open System.IO
open System.Net.Http
open System.Xml.Linq
open Commands
open Trial

let private feed = at "artifacts/packages"

let private emptied folder =
    if Directory.Exists folder then
        Directory.Delete(folder, recursive = true)

    Directory.CreateDirectory(folder).FullName

/// The projects that are packages: those with a readme beside them.
let private projects () =
    Directory.EnumerateFiles(at "src", "README.md", SearchOption.AllDirectories)
    |> Seq.filter (fun file -> not (file.Contains "node_modules"))
    |> Seq.collect (fun file -> Directory.EnumerateFiles(Path.GetDirectoryName file, "*.*proj"))
    |> Seq.sort
    |> List.ofSeq

/// The version of the repository.
let version () =
    XDocument.Load(at "Directory.Build.props").Descendants(XName.Get "Version")
    |> Seq.head
    |> _.Value

/// The version of a package that the repository uses.
let private versionOf (name: string) =
    XDocument.Load(at "Directory.Packages.props").Descendants(XName.Get "PackageVersion")
    |> Seq.find (fun package -> package.Attribute(XName.Get "Include").Value = name)
    |> fun package -> package.Attribute(XName.Get "Version").Value

/// Copies a folder of templates and fills in the versions.
let rec private copyFilled (version: string) (source: string) (target: string) =
    Directory.CreateDirectory target |> ignore

    for file in Directory.EnumerateFiles source do
        let text =
            File.ReadAllText(file).Replace("{version}", version).Replace("{FSharp.Core}", versionOf "FSharp.Core")

        File.WriteAllText(Path.Combine(target, Path.GetFileName file), text)

    for folder in Directory.EnumerateDirectories source do
        copyFilled version folder (Path.Combine(target, Path.GetFileName folder))

/// Makes the packages of everything that is built in a configuration, and of the templates, in artifacts/packages.
let packAs (version: string) (options: string) =
    emptied feed |> ignore

    for project in projects () do
        must (
            dotnet $"pack {Path.GetRelativePath(root, project)} {options} -p:Version={version} -nologo -v quiet -o" [
                feed
            ]
        )

    let templates = emptied (at "artifacts/templates")
    copyFilled version (at "templates") templates
    must (dotnet $"pack {Path.GetRelativePath(root, templates)} -p:Version={version} -nologo -v quiet -o" [ feed ])

    for package in Directory.EnumerateFiles(feed, "*.nupkg") |> Seq.sort do
        printfn "  %s" (Path.GetFileName package)

// ---- Trying them ---------------------------------------------------------------------------------------------------

/// An empty folder that gets GopherFlow's packages from the feed, and keeps what it gets for itself.
let private settleIn (folder: string) =
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

/// What an application on SQLite has no use for.
let private unwanted = [ "Npgsql"; "MySqlConnector"; "FSharp.Compiler.Service"; "Mono.Cecil" ]

let private runs (folder: string) (program: string) =
    let address = $"127.0.0.1:{freePort ()}"
    use http = clientOf address

    let application = {
        dotnet "exec" [ program ] with
            Folder = folder
            Environment = [ "HTTP_ADDR", address; "GFLOW_ADMIN_API_KEY", apiKey ]
    }

    attend application (fun running ->
        try
            ready http running
            showsConsole http
            let created = create http "Greeting" "first"
            mustBe "a workflow is created" (created > 0L)
            stop running
        finally
            if not running.HasExited then
                running.Kill())

/// A name that is no identifier, for the namespaces differ from the folders then.
[<Literal>]
let private ApplicationName = "order-service"

/// Makes an application of a template, builds it with warnings as errors, runs its test and the application itself.
let private tryTemplate (version: string) (template: string) =
    let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName

    try
        let environment = settleIn folder

        let inFolder (command: Command) = {
            command with
                Folder = folder
                Environment = environment
        }

        let hive = Path.Combine(folder, ".hive")
        must (inFolder (dotnet "new install" [ $"GopherFlow.Templates::{version}"; "--debug:custom-hive"; hive ]))
        must (inFolder (dotnet $"new {template} -o {ApplicationName} --debug:custom-hive" [ hive ]))
        let application = Path.Combine(folder, ApplicationName)

        let inApplication (command: Command) = {
            inFolder command with
                Folder = application
        }

        must (inApplication (dotnet "build -warnaserror -nologo -v quiet" []))
        must (inApplication (dotnet "test --no-build -nologo" []))
        let output = Path.Combine(application, ApplicationName, "bin/Debug/net10.0")

        for name in unwanted do
            mustBe $"{name} does not come with it" (not (File.Exists(Path.Combine(output, $"{name}.dll"))))

        runs folder (Path.Combine(output, $"{ApplicationName}.dll"))
    finally
        Directory.Delete(folder, recursive = true)

/// Installs the tool, runs its server in an empty folder, and works with it.
let private tryTool (version: string) =
    let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName

    try
        let environment = settleIn folder

        let inFolder (command: Command) = {
            command with
                Folder = folder
                Environment = environment
        }

        must (inFolder (dotnet "tool install GopherFlow.Tool --tool-path .tools --version" [ version ]))
        let port = freePort ()

        let tool words = {
            inFolder (worded (Path.Combine(folder, ".tools", "gopherflow")) words []) with
                Environment = ("GOPHERFLOW_SERVER", $"http://localhost:{port}") :: environment
        }

        use http = clientOf $"localhost:{port}"

        attend (tool $"dev --port {port}") (fun running ->
            try
                ready http running
                showsConsole http
                must (tool "deploy scripts/Greeting.fsx")
                must (tool "start Greeting --external-id first --var name=Ann --wait 30")
                must (tool "list --type Greeting")
                must (tool "show first")
                must (tool "try scripts/Greeting.fsx --var name=Bob")
                mustBe "a faulty option ends with exit code 1" (run (tool "start NoSuchType") = 1)
                stop running
            finally
                if not running.HasExited then
                    running.Kill())
    finally
        Directory.Delete(folder, recursive = true)

/// The templates and the tool, each as it is used from an empty folder; says of each whether it works.
let tryAll (version: string) =
    [
        "dotnet new gopherflow", fun () -> tryTemplate version "gopherflow"
        "dotnet new gopherflow-fsharp", fun () -> tryTemplate version "gopherflow-fsharp"
        "gopherflow dev", fun () -> tryTool version
    ]
    |> List.map (fun (name, attempt) ->
        printfn "> trying %s in an empty folder" name

        try
            attempt ()
            true
        with Halt message ->
            eprintfn "%s: %s" name message
            false)
