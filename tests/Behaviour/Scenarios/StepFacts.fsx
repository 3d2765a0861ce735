open GopherFlow.FSharp

let work (step: Step) =
    step.Vars["who"] <-
        $"{step.WorkflowId} {step.ExternalId} {step.BusinessKey} {step.WorkflowType} {step.State} {step.Attempt}"

    step.Vars["when"] <- step.Now.ToString "yyyy-MM-dd HH:mm zzz"
    step.Vars["names"] <- step.Vars.Names |> String.concat " "
    goto "Done"

let workflow =
    workflow "StepFacts" {
        start "Work" work [ "Done" ]
        finish "Done"
    }
