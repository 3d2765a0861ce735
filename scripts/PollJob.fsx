// Shows how to wait for a job of another system: start it (with an idempotency key, so that a retry does not start a second job), then
// poll it, parked between the polls, until it is done, has failed, or takes too long. The URL of the jobs is the variable "url", or
// GFLOW_DEMO_JOB_URL: POST <url> returns {"id": "..."}, GET <url>/<id> returns {"status": "..."} with the status "running", "done" or
// "failed".
open System
open System.Net.Http
open System.Net.Http.Json
open System.Text.Json
open GopherFlow.FSharp

type Job =
    | Running
    | Done
    | Failed of status: string

/// The divisor for every wait of the demos, from GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let pollEvery = seconds 10 / speed
let maxPolls = 30

let address (step: Step) =
    step.Vars.TryText "url"
    |> Option.orElse (Environment.GetEnvironmentVariable "GFLOW_DEMO_JOB_URL" |> Option.ofObj)
    |> Option.defaultWith (fun () -> giveUp "No URL of the jobs: set the variable url or GFLOW_DEMO_JOB_URL.")

let text (name: string) (answer: JsonElement) =
    string (answer.GetProperty(name).GetString())

let startJob (step: Step) =
    task {
        use http = new HttpClient()
        http.DefaultRequestHeaders.Add("Idempotency-Key", step.Key)
        use! answer = http.PostAsync(address step, null, step.Cancellation)

        let! job =
            answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement> step.Cancellation

        step.Vars["job"] <- text "id" job
        step.Vars.Set("polls", 0)
        return goto "Poll" |> after pollEvery
    }

let readStatus (step: Step) =
    task {
        use http = new HttpClient()

        let! job =
            http.GetFromJsonAsync<JsonElement>($"""{address step}/{step.Vars["job"]}""", step.Cancellation)

        return
            match text "status" job with
            | "running" -> Running
            | "done" -> Done
            | status -> Failed status
    }

let poll (step: Step) =
    task {
        let! job = readStatus step
        let polls = step.Vars.Get<int> "polls" + 1
        step.Vars.Set("polls", polls)

        return
            match job with
            | Done -> goto "Done"
            | Running when polls < maxPolls -> goto "Poll" |> after pollEvery
            | Running -> goto "TookTooLong" |> log $"Still running after {polls} polls"
            | Failed status -> goto "JobFailed" |> log $"The job is {status}"
    }

let workflow =
    workflow "PollJob" {
        description "Starts a job of another system and polls it until it is done"
        retry (exponential 5 (seconds 1) (minutes 5))
        start "Start" startJob [ timeout (seconds 30) ]
        state "Poll" poll [ timeout (seconds 30) ]
        finish "Done"
        error "TookTooLong"
        error "JobFailed"
    }
