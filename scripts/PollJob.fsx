// Shows how to wait for a job of another system: start it (with an idempotency key, so that a retry starts no second one), then
// ask again and again, parked in between, until it is done, has failed, or has had its time. The address of the jobs is the
// variable "url", or GFLOW_DEMO_JOB_URL: POST <url> answers {"id": "..."}, GET <url>/<id> answers {"status": "running"}, "done"
// or "failed".
open System
open System.Net.Http
open System.Net.Http.Json
open System.Text.Json
open GopherFlow.FSharp

type Job =
    | Running
    | Done
    | Failed of status: string

/// Every wait of the demos is divided by GFLOW_DEMO_SPEED.
let speed =
    match Double.TryParse(Environment.GetEnvironmentVariable "GFLOW_DEMO_SPEED") with
    | true, speed when speed > 0.0 -> speed
    | _ -> 1.0

let pollEvery = seconds 10 / speed
let mostPolls = 30

let address (step: Step) =
    step.Vars.TryText "url"
    |> Option.orElse (Environment.GetEnvironmentVariable "GFLOW_DEMO_JOB_URL" |> Option.ofObj)
    |> Option.defaultWith (fun () -> giveUp "Neither the variable url nor GFLOW_DEMO_JOB_URL says where the jobs are.")

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

let look (step: Step) =
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
        let! job = look step
        let polls = step.Vars.Get<int> "polls" + 1
        step.Vars.Set("polls", polls)

        return
            match job with
            | Done -> goto "Done"
            | Running when polls < mostPolls -> goto "Poll" |> after pollEvery
            | Running -> goto "TookTooLong" |> log $"Still running after {polls} looks"
            | Failed status -> goto "JobFailed" |> log $"The job is {status}"
    }

let workflow =
    workflow "PollJob" {
        description "Starts a job of another system and looks now and then whether it is done"
        retry (exponential 5 (seconds 1) (minutes 5))
        start "Start" startJob [ timeout (seconds 30) ]
        state "Poll" poll [ timeout (seconds 30) ]
        finish "Done"
        error "TookTooLong"
        error "JobFailed"
    }
