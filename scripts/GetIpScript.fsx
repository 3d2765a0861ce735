// Asks a web service for this machine's public address. If the service cannot be reached or responds with an error, the exception
// fails the attempt, and the state is retried according to the retry policy.
open System
open System.Net.Http
open GopherFlow.FSharp

let address =
    Environment.GetEnvironmentVariable "GFLOW_DEMO_IP_URL"
    |> Option.ofObj
    |> Option.defaultValue "http://ifconfig.io"

let init (_: Step) = goto "StateGetIpData"

let getIpData (step: Step) =
    task {
        use http = new HttpClient(Timeout = seconds 30)
        // The service sends the plain address to command-line user agents and an HTML page to all others.
        http.DefaultRequestHeaders.UserAgent.ParseAdd "curl/8"
        let! ip = http.GetStringAsync(address, step.Cancellation)
        step.Vars["ip"] <- ip.Trim()
        return goto "Finish"
    }

let workflow =
    workflow "GetIpScript" {
        description "This is a Demo Workflow showing how it can be used"
        retry (linear 10 (seconds 10) (minutes 60))
        start "Init" init
        state "StateGetIpData" getIpData
        finish "Finish"
    }
