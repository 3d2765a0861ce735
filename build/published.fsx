/// The published file, tried as on a machine that has nothing else, and the image around it.
module Published

#load "commands.fsx"

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Text.Json
open System.Threading
open Commands

/// What .NET calls a kind of machine, and what containers call it.
let runtimes = [ "linux-x64", "amd64"; "linux-arm64", "arm64" ]

let private name = "GopherFlow.Demo"

let programOf runtime =
    at $"artifacts/publish/{runtime}/{name}"

let private largest = 150_000_000L
let private patience = TimeSpan.FromSeconds 60.

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

let private apiKey = "a-key-for-the-trial-0001"

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

let private script =
    """open GopherFlow.FSharp

let greet (step: Step) =
    step.Vars["words"] <- "good morning"
    goto "Done"

let workflow =
    workflow "Greeter" {
        start "Greet" greet [ "Done" ]
        finish "Done"
    }
"""

let private clientOf (address: string) =
    let http =
        new HttpClient(BaseAddress = Uri $"http://{address}/", Timeout = patience)

    http.DefaultRequestHeaders.Add("X-API-Key", apiKey)
    http

let private textOf (http: HttpClient) (path: string) =
    try
        use answer = http.GetAsync(path).Result

        if answer.IsSuccessStatusCode then
            Some(answer.Content.ReadAsStringAsync().Result)
        else
            None
    with _ ->
        None

let private send (http: HttpClient) (method: HttpMethod) (path: string) (body: obj) =
    use request =
        new HttpRequestMessage(
            method,
            path,
            Content = new StringContent(JsonSerializer.Serialize body, Encoding.UTF8, "application/json")
        )

    use answer = http.Send request
    let text = (new StreamReader(answer.Content.ReadAsStream())).ReadToEnd()

    if not answer.IsSuccessStatusCode then
        halt $"{path} answered {int answer.StatusCode}: {text}"

    JsonDocument.Parse(text).RootElement

let rec private until (deadline: DateTime) (holds: unit -> bool) =
    holds ()
    || (DateTime.UtcNow < deadline
        && (Thread.Sleep 10
            until deadline holds))

let private runWorkflow (http: HttpClient) (workflowType: string) (externalId: string) =
    let created =
        send http HttpMethod.Post "api/workflows" {|
            externalId = externalId
            executorGroup = "default"
            workflowType = workflowType
            businessKey = "trial"
        |}

    let path = $"""api/workflows/{created.GetProperty("id").GetInt64()}"""

    let isFinished () =
        match textOf http path with
        | Some text -> JsonDocument.Parse(text).RootElement.GetProperty("status").GetString() = "FINISHED"
        | None -> false

    if not (until (DateTime.UtcNow + patience) isFinished) then
        halt $"A workflow of type {workflowType} has not finished."

/// Whatever of this is not so ends the target.
let private mustBe what holds =
    if holds then
        printfn "  %s" what
    else
        halt $"Not so: {what}."

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

    let stop (running: Process) =
        terminate running
        mustBe "SIGTERM ends it with exit code 0" (running.WaitForExit patience && running.ExitCode = 0)

    let ready (http: HttpClient) (running: Process) =
        let watch = Stopwatch.StartNew()

        let isReady =
            until (DateTime.UtcNow + patience) (fun () -> running.HasExited || (textOf http "ready").IsSome)

        mustBe $"it is ready after {watch.Elapsed.TotalSeconds:F2} s" (isReady && not running.HasExited)

    try
        printfn "> trying %s in an empty folder" (Path.GetRelativePath(root, programOf runtime))
        use http = clientOf address

        attend (start ()) (fun running ->
            try
                ready http running
                runWorkflow http "DemoWorkflow" "before"
                mustBe "a workflow runs to its end" true

                mustBe
                    "the console is shown"
                    (textOf http "" |> Option.exists (fun page -> page.Contains "<title>GopherFlow"))

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
