/// Publishes the single-file program, smoke tests it as on a machine without .NET, and builds the container image.
module Published

#load "commands.fsx"
#load "trial.fsx"

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open Commands
open Trial

/// The .NET runtime identifiers and the architecture names of containers.
let runtimes = [ "linux-x64", "amd64"; "linux-arm64", "arm64" ]

let private name = "GopherFlow.Demo"

let programOf runtime =
    repoPath $"artifacts/publish/{runtime}/{name}"

let private maxSize = 150_000_000L

let sizeOf (program: string) = FileInfo(program).Length

let publishOne (runtime: string) =
    let folder = Path.GetDirectoryName(programOf runtime)

    runOrFail (
        dotnet $"publish samples/Demo -c Release -p:SingleFile={runtime} -nologo -v quiet -o" [
            Path.GetRelativePath(root, folder)
        ]
    )

    let size = sizeOf (programOf runtime)
    printfn "artifacts/publish/%s/%s is %d MB." runtime name (size / 1_000_000L)

    if size >= maxSize then
        halt $"The file for {runtime} is larger than {maxSize / 1_000_000L} MB."

// ---- Smoke test ----------------------------------------------------------------------------------------------------

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

    printfn "  a script is compiled and deployed in %.1f s" watch.Elapsed.TotalSeconds

let private isPrivate (file: string) =
    OperatingSystem.IsWindows()
    || File.GetUnixFileMode file = (UnixFileMode.UserRead ||| UnixFileMode.UserWrite)

/// Runs the file in an empty folder, without .NET and with only the environment variables that are set here.
let smokeTest (runtime: string) =
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
        printfn "> testing %s in an empty folder" (Path.GetRelativePath(root, programOf runtime))
        use http = clientOf address

        withProcess (start ()) (fun running ->
            try
                waitUntilReady http running
                runWorkflow http "DemoWorkflow" "before"
                expect "a workflow finishes" true

                expectConsole http
                deployScript http
                runWorkflow http "Greeter" "of the script"
                expect "a workflow of the script finishes" true
                expect "only the owner can read the database" (isPrivate (Path.Combine(folder, "gflow.db")))
                stop running
            finally
                if not running.HasExited then
                    running.Kill())

        withProcess (start ()) (fun running ->
            try
                waitUntilReady http running
                expect "the workflows exist after a restart" ((tryGet http "api/workflows/1").IsSome)
                stop running
            finally
                if not running.HasExited then
                    running.Kill())
    finally
        Directory.Delete(folder, recursive = true)

// ---- The image -----------------------------------------------------------------------------------------------------

/// Prepares the folder that the image is built from: the published files, and an empty data folder.
let stageImage () =
    let context = repoPath "artifacts/image"

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

/// Builds the image with docker if a daemon is running, otherwise with buildah, which needs no daemon.
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
        runOrFail (command "docker" ("build" :: last))
    elif hasBuildah () then
        runOrFail (command "buildah" ("bud" :: "--isolation" :: "chroot" :: "--format" :: "docker" :: last))
    else
        halt "Neither a docker daemon nor buildah is available. Debian: apt-get install buildah"
