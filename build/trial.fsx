/// Smoke tests a running application over HTTP.
module Trial

#load "commands.fsx"

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Text.Json
open System.Threading
open Commands

let timeout = TimeSpan.FromSeconds 60.

let apiKey = "a-key-for-the-trial-0001"

let freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

let clientOf (address: string) =
    let http = new HttpClient(BaseAddress = Uri $"http://{address}/", Timeout = timeout)

    http.DefaultRequestHeaders.Add("X-API-Key", apiKey)
    http

let tryGet (http: HttpClient) (path: string) =
    try
        use response = http.GetAsync(path).Result

        if response.IsSuccessStatusCode then
            Some(response.Content.ReadAsStringAsync().Result)
        else
            None
    with _ ->
        None

let send (http: HttpClient) (method: HttpMethod) (path: string) (body: obj) =
    use request =
        new HttpRequestMessage(
            method,
            path,
            Content = new StringContent(JsonSerializer.Serialize body, Encoding.UTF8, "application/json")
        )

    use response = http.Send request
    let text = (new StreamReader(response.Content.ReadAsStream())).ReadToEnd()

    if not response.IsSuccessStatusCode then
        halt $"{path} responded with {int response.StatusCode}: {text}"

    JsonDocument.Parse(text).RootElement

let rec waitUntil (deadline: DateTime) (holds: unit -> bool) =
    holds ()
    || (DateTime.UtcNow < deadline
        && (Thread.Sleep 10
            waitUntil deadline holds))

/// Creates a workflow and returns its id.
let create (http: HttpClient) (workflowType: string) (externalId: string) =
    let created =
        send http HttpMethod.Post "api/workflows" {|
            externalId = externalId
            executorGroup = "default"
            workflowType = workflowType
            businessKey = "trial"
        |}

    created.GetProperty("id").GetInt64()

let runWorkflow (http: HttpClient) (workflowType: string) (externalId: string) =
    let path = $"api/workflows/{create http workflowType externalId}"

    let isFinished () =
        match tryGet http path with
        | Some text -> JsonDocument.Parse(text).RootElement.GetProperty("status").GetString() = "FINISHED"
        | None -> false

    if not (waitUntil (DateTime.UtcNow + timeout) isFinished) then
        halt $"A workflow of type {workflowType} did not finish in time."

/// Prints a condition that holds, or halts the target.
let expect what holds =
    if holds then
        printfn "  %s" what
    else
        halt $"Check failed: {what}."

/// Waits until an application is ready, and prints how long that took.
let waitUntilReady (http: HttpClient) (running: Diagnostics.Process) =
    let watch = Diagnostics.Stopwatch.StartNew()

    let isReady =
        waitUntil (DateTime.UtcNow + timeout) (fun () -> running.HasExited || (tryGet http "ready").IsSome)

    expect $"it is ready after {watch.Elapsed.TotalSeconds:F2} s" (isReady && not running.HasExited)

let expectConsole (http: HttpClient) =
    expect "the console is shown" (tryGet http "" |> Option.exists (fun page -> page.Contains "<title>GopherFlow"))

/// Shuts an application down gracefully.
let stop (running: Diagnostics.Process) =
    terminate running
    expect "SIGTERM ends it with exit code 0" (running.WaitForExit timeout && running.ExitCode = 0)
