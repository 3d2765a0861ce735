/// Tries a running application over HTTP, from outside.
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

let textOf (http: HttpClient) (path: string) =
    try
        use answer = http.GetAsync(path).Result

        if answer.IsSuccessStatusCode then
            Some(answer.Content.ReadAsStringAsync().Result)
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

    use answer = http.Send request
    let text = (new StreamReader(answer.Content.ReadAsStream())).ReadToEnd()

    if not answer.IsSuccessStatusCode then
        halt $"{path} answered {int answer.StatusCode}: {text}"

    JsonDocument.Parse(text).RootElement

let rec until (deadline: DateTime) (holds: unit -> bool) =
    holds ()
    || (DateTime.UtcNow < deadline
        && (Thread.Sleep 10
            until deadline holds))

/// Creates a workflow and gives its id.
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
        match textOf http path with
        | Some text -> JsonDocument.Parse(text).RootElement.GetProperty("status").GetString() = "FINISHED"
        | None -> false

    if not (until (DateTime.UtcNow + timeout) isFinished) then
        halt $"A workflow of type {workflowType} has not finished."

/// Whatever of this is not so ends the target.
let mustBe what holds =
    if holds then
        printfn "  %s" what
    else
        halt $"Not so: {what}."

/// Waits until an application answers, and says how long that took.
let ready (http: HttpClient) (running: Diagnostics.Process) =
    let watch = Diagnostics.Stopwatch.StartNew()

    let isReady =
        until (DateTime.UtcNow + timeout) (fun () -> running.HasExited || (textOf http "ready").IsSome)

    mustBe $"it is ready after {watch.Elapsed.TotalSeconds:F2} s" (isReady && not running.HasExited)

let showsConsole (http: HttpClient) =
    mustBe "the console is shown" (textOf http "" |> Option.exists (fun page -> page.Contains "<title>GopherFlow"))

/// Ends an application in order.
let stop (running: Diagnostics.Process) =
    terminate running
    mustBe "SIGTERM ends it with exit code 0" (running.WaitForExit timeout && running.ExitCode = 0)
