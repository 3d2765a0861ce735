open GopherFlow.Behaviour
open GopherFlow.FSharp

let listening (step: Step) =
    async {
        if step.Attempt = 1 then
            let! _ =
                step.Service<Gates>().PassAsync("listening").WaitAsync step.Cancellation
                |> Async.AwaitTask

            ()

        return goto "Deaf"
    }

let deaf (step: Step) =
    task {
        if step.Attempt = 1 then
            let! _ = step.Service<Gates>().PassAsync "deaf"
            ()

        return goto "Done"
    }

let workflow =
    workflow "Timeouts" {
        retry (linear 1 (seconds 10) (seconds 10))
        start "Listening" listening [ "Deaf" ] [ timeout (seconds 5) ]
        state "Deaf" deaf [ "Done" ] [ timeout (seconds 7) ]
        finish "Done"
    }
