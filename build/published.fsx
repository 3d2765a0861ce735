/// The published file, tried as on a machine that has nothing else, and the image around it.
module Published

#load "commands.fsx"
#load "trial.fsx"

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open Commands
open Trial

/// What .NET calls a kind of machine, and what containers call it.
let runtimes = [ "linux-x64", "amd64"; "linux-arm64", "arm64" ]

let private name = "GopherFlow.Demo"

let programOf runtime =
    at $"artifacts/publish/{runtime}/{name}"

let private largest = 150_000_000L

let sizeOf (program: string) = FileInfo(program).Length

let publishOne (runtime: string) =
    let folder = Path.GetDirectoryName(programOf runtime)

    must (
        dotnet $"publish samples/Demo -c Release -p:SingleFile={runtime} -nologo -v quiet -o" [
            Path.GetRelativePath(root, folder)
        ]
    )

    let size = sizeOf (programOf runtime)
    printfn "artifacts/publish/%s/%s has %d MB." runtime name (size / 1_000_000L)

    if size >= largest then
        halt $"The file for {runtime} is larger than {largest / 1_000_000L} MB."

// ---- Trying it -----------------------------------------------------------------------------------------------------

let private script =
    """open GopherFlow.FSharp

let greet (step: Step) =
    step.Vars["words"] <- "good morning"
    goto "Done"

let workflow =
    workflow "Greeter" {
        start "Greet" greet
        finish "Done"
    }
"""

let private deployScript (http: HttpClient) =
    let watch = Stopwatch.StartNew()

    send http HttpMethod.Put "api/scripts/Greeter" {| source = script |} |> ignore

    printfn "  a script is compiled and deployed after %.1f s" watch.Elapsed.TotalSeconds

let private isPrivate (file: string) =
    OperatingSystem.IsWindows()
    || File.GetUnixFileMode file = (UnixFileMode.UserRead ||| UnixFileMode.UserWrite)

/// Starts the file alone in an empty folder, without .NET, without any environment but what is set here.
let tryOut (runtime: string) =
    let folder = Directory.CreateTempSubdirectory("gopherflow-").FullName
    let program = Path.Combine(folder, name)
    File.Copy(programOf runtime, program)
    let address = $"127.0.0.1:{freePort ()}"

    let settings = [
        "PATH=/nowhere"
        $"HOME={folder}"
        $"HTTP_ADDR={address}"
        $"GFLOW_ADMIN_API_KEY={apiKey}"
        "GFLOW_DEMO_SPEED=10000"
    ]

    let start () = {
        command "env" ("-i" :: settings @ [ program ]) with
            Folder = folder
    }

    try
        printfn "> trying %s in an empty folder" (Path.GetRelativePath(root, programOf runtime))
        use http = clientOf address

        attend (start ()) (fun running ->
            try
                ready http running
                runWorkflow http "DemoWorkflow" "before"
                mustBe "a workflow runs to its end" true

                showsConsole http
                deployScript http
                runWorkflow http "Greeter" "of the script"
                mustBe "a workflow of the script runs to its end" true
                mustBe "only the owner may read the database" (isPrivate (Path.Combine(folder, "gflow.db")))
                stop running
            finally
                if not running.HasExited then
                    running.Kill())

        attend (start ()) (fun running ->
            try
                ready http running
                mustBe "what it had is there after a restart" ((textOf http "api/workflows/1").IsSome)
                stop running
            finally
                if not running.HasExited then
                    running.Kill())
    finally
        Directory.Delete(folder, recursive = true)

// ---- The image -----------------------------------------------------------------------------------------------------

/// The folder from which the image is built: the files, and an empty folder for the data.
let layOut () =
    let context = at "artifacts/image"

    if Directory.Exists context then
        Directory.Delete(context, recursive = true)

    Directory.CreateDirectory(Path.Combine(context, "data")) |> ignore

    for runtime, architecture in runtimes do
        if File.Exists(programOf runtime) then
            let folder = Path.Combine(context, architecture)
            Directory.CreateDirectory folder |> ignore
            File.Copy(programOf runtime, Path.Combine(folder, name))

let private hasDocker () =
    (tryRead "docker" [ "version"; "--format"; "{{.Server.Version}}" ]).IsSome

let private hasBuildah () =
    (tryRead "buildah" [ "--version" ]).IsSome

/// Builds it with docker where a daemon answers, else with buildah, which needs none.
let buildImage (arguments: string list) =
    let last = [
        "-t"
        "gopherflow:latest"
        "-f"
        "deploy/Dockerfile"
        yield! arguments
        "artifacts/image"
    ]

    if hasDocker () then
        must (command "docker" ("build" :: last))
    elif hasBuildah () then
        must (command "buildah" ("bud" :: "--isolation" :: "chroot" :: "--format" :: "docker" :: last))
    else
        halt "Neither a docker daemon nor buildah is there. Debian: apt-get install buildah"
